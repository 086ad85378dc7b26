"""manage.py ensure_admin: the first account of a new site."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cattube.accounts.passwords.first_password import write_first_password

NAME = "admin"


class Command(BaseCommand):
    help = "Make the account `admin`, if there is no account at all yet."

    def handle(self, *args: Any, **options: Any) -> None:
        password = settings.ADMIN_PASSWORD or secrets.token_urlsafe(12)
        with transaction.atomic():
            if User.objects.exists():
                return
            User.objects.create_superuser(NAME, password=password)
            where = self._place_of(password)
        self.stdout.write(f"Made the account {NAME} with the password in {where}.")

    def _place_of(self, password: str) -> str:
        if settings.ADMIN_PASSWORD:
            return "CATTUBE_ADMIN_PASSWORD"
        try:
            file = write_first_password(NAME, password)
        except OSError as error:
            raise CommandError(
                f"The first password could not be written to {settings.DATA_FOLDER}: {error.strerror}. "
                "Give the user that runs the site the right to, or set CATTUBE_ADMIN_PASSWORD."
            ) from error
        return f"{file} (removed once it is changed)"
