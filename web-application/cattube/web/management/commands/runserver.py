"""manage.py runserver [addr:port], which builds the front end first when it is not built."""

import os
import sys
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands.runserver import Command as RunserverCommand

from cattube.design.frontend_build import build_if_missing


class Command(RunserverCommand):
    default_addr = settings.HOST
    default_port = str(settings.WEB_PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        # The reloader's child finds it built.
        is_child = os.environ.get("RUN_MAIN") == "true"
        if not is_child and build_if_missing(settings.FRONTEND_FOLDER, self.stdout.write):
            # django-vite has read the manifest already, when there was none: a new process reads it again.
            os.execv(sys.executable, sys.orig_argv)  # noqa: S606 this very command
        super().handle(*args, **options)
