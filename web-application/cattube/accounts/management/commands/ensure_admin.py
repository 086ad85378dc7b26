"""manage.py ensure_admin: the first account of a new site."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.db import transaction

NAME = "admin"


class Command(BaseCommand):
    help = "Make the account `admin`, if there is no account at all yet."

    def handle(self, *args: Any, **options: Any) -> None:
        password = settings.ADMIN_PASSWORD or secrets.token_urlsafe(12)
        with transaction.atomic():
            if User.objects.exists():
                return
            User.objects.create_superuser(NAME, password=password)
        if settings.ADMIN_PASSWORD:
            self.stdout.write(f"Made the account {NAME} with the password in CATTUBE_ADMIN_PASSWORD.")
        else:
            self.stdout.write(f"Made the account {NAME} with the password {password} (shown only now).")
