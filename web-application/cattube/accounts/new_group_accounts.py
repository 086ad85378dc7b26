"""Making the account of a group."""

from django.contrib.auth.models import Group, User
from django.db import transaction

from cattube.accounts.usernames import complaint
from cattube.channels.models import GroupAccount
from cattube.errors import InvalidFields


def name_complaint(group: Group) -> str:
    """Reason why the group can have no account, for people; "" when it can."""
    return complaint(group.name, User.objects.values_list("username", flat=True))


def make_group_account(group: Group) -> GroupAccount:
    """The group's account, by whose name the channel is called. Nobody can log in to it.

    Raises InvalidFields when somebody has such a name, or nobody may.
    """
    if words := name_complaint(group):
        raise InvalidFields(words)
    with transaction.atomic():
        account = User(username=group.name, is_active=False)
        account.set_unusable_password()
        account.save()
        return GroupAccount.objects.create(account=account, group=group)
