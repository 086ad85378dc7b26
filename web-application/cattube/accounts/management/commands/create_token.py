"""manage.py create_token USERNAME: print an API token, this one time."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cattube.accounts.models import MAX_LABEL_CHARACTERS
from cattube.accounts.open_accounts import open_accounts
from cattube.accounts.tokens.new_tokens import make_token
from cattube.accounts.tokens.token_scopes import Scope, scopes_of
from cattube.errors import SiteError


class Command(BaseCommand):
    help = "Make an API token for a user and print it. It is not kept in clear: it cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--label", default="", help="what the token is for, as the settings show it")
        parser.add_argument("--scopes", default=",".join(Scope), help="by comma; all by default: %(default)s")
        parser.add_argument("--days", type=int, help="days until it expires; never by default")

    def handle(
        self, *args: Any, username: str, label: str, scopes: str, days: int | None, **options: Any
    ) -> None:
        user = open_accounts().filter(username=username).first()
        if user is None:
            raise CommandError(
                f"There is no active user {username}. Make one with manage.py createsuperuser."
            )
        try:
            _, text = make_token(
                user,
                label=label[:MAX_LABEL_CHARACTERS],
                scopes=scopes_of(scopes.split(",")),
                expires_at=_end(days),
            )
        except (ValueError, SiteError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(text)


def _end(days: int | None) -> datetime | None:
    """Moment in `days` days; None for no end. Raises ValueError."""
    if days is None:
        return None
    if not 1 <= days <= 3650:
        raise ValueError(f"--days={days}: expected 1 to 3650")
    return timezone.now() + timedelta(days=days)
