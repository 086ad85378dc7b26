"""manage.py collectstatic, which builds the front end first when that was not done yet."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands.collectstatic import Command as CollectstaticCommand

from cattube.frontend import build_if_missing


class Command(CollectstaticCommand):
    def handle(self, **options: Any) -> str | None:
        build_if_missing(settings.FRONTEND_FOLDER, self.stdout.write)
        return super().handle(**options)
