"""Accounts that somebody may log in to, be given a link to, or have a token of: active, and of no group."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from cattube.channels.group_accounts import is_of_group


def open_accounts() -> QuerySet[User]:
    return User.objects.filter(is_active=True, group_account=None)


def is_open(account: User) -> bool:
    """The same, of an account that is read."""
    return account.is_active and not is_of_group(account)
