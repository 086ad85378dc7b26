"""manage.py reset_link USERNAME: print a link to a new password for somebody who has lost theirs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cattube.accounts.open_accounts import open_accounts
from cattube.accounts.passwords.reset_links import hours_to_use, origin_without_request, reset_link


class Command(BaseCommand):
    help = "Print a link with which a user sets a new password. It is good once, and for a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = open_accounts().filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no active user {username}.")
        self.stdout.write(reset_link(user, origin=origin_without_request()))
        self.stderr.write(
            f"Give it to {username} by a way that you trust. It is good once, for {hours_to_use()} hours, "
            "and until they log in."
        )
