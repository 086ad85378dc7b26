#!/usr/bin/env python
"""The command line of the site: `python manage.py help` lists what it can do."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import OperationalError

from cattube.config.databases import unusable_message


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cattube.settings")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        sys.exit(unusable_message(settings.DATABASE_URL, error))


if __name__ == "__main__":
    main()
