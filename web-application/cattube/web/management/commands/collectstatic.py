"""manage.py collectstatic, which builds the front end first when it is not built.

With a public bucket in the settings, the files go there.
"""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands.collectstatic import Command as CollectstaticCommand
from django.core.management.base import CommandError

from cattube.design.frontend_build import build_if_missing
from cattube.storage.objects import StoreError


class Command(CollectstaticCommand):
    def handle(self, **options: Any) -> str | None:
        build_if_missing(settings.FRONTEND_FOLDER, self.stdout.write)
        try:
            return super().handle(**options)
        except StoreError as error:
            raise CommandError(
                f"The static files could not be put into the bucket {error}. "
                "`manage.py doctor` says what to do about it; what is there already stays in use."
            ) from error
