"""manage.py runserver [addr:port], which builds the front end first when that was not done yet."""

import os
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands.runserver import Command as RunserverCommand

from cattube.design.frontend_build import build_if_missing


class Command(RunserverCommand):
    default_addr = settings.HOST
    default_port = str(settings.WEB_PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        if os.environ.get("RUN_MAIN") != "true":  # the reloader's child finds it built
            build_if_missing(settings.FRONTEND_FOLDER, self.stdout.write)
        super().handle(*args, **options)
