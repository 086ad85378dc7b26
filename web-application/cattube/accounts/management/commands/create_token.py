"""manage.py create_token USERNAME: print an API token, this one time."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from cattube.accounts.models import ApiToken


class Command(BaseCommand):
    help = "Make an API token for a user and print it. It is not kept in clear: it cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--label", default="", help="what the token is for, as the admin shows it")

    def handle(self, *args: Any, username: str, label: str, **options: Any) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(
                f"There is no active user {username}. Make one with manage.py createsuperuser."
            )
        self.stdout.write(ApiToken.objects.issue(user, label=label[:80]))
