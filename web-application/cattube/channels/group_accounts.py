"""Accounts of groups, as whose owners the members act: their channel, and the videos in it."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

from cattube.channels.models import Channel, GroupAccount
from cattube.prepared_query import PreparedQuery

_OF_MEMBER = PreparedQuery(lambda: GroupAccount.objects.filter(group__user=0))
# Kept with the account that a request has read: every card of a page may ask.
_KEPT = "_ids_of_group_accounts"


def group_account_ids(viewer: AbstractBaseUser | AnonymousUser) -> frozenset[int]:
    """Ids of the accounts of the viewer's groups. Read once for each instance of the viewer."""
    if not viewer.is_authenticated:
        return frozenset()
    kept: frozenset[int] | None = getattr(viewer, _KEPT, None)
    if kept is None:
        kept = frozenset(row.account_id for row in _OF_MEMBER.read(viewer.pk))
        setattr(viewer, _KEPT, kept)
    return kept


def acts_for(viewer: AbstractBaseUser | AnonymousUser, owner: User) -> bool:
    """True when what is this owner's is the viewer's: it is themself, or one of their groups."""
    if not viewer.is_authenticated:
        return False
    return owner.pk == viewer.pk or owner.pk in group_account_ids(viewer)


def is_of_group(account: User) -> bool:
    """True for the account of a group. Costs no query when that was read with it (`select_related`)."""
    return hasattr(account, "group_account")


def channels_of(person: User) -> list[Channel]:
    """Channels in which the person may publish: their own, and those of their groups by name."""
    owners = {person.pk, *group_account_ids(person)}
    channels = Channel.objects.filter(owner__in=owners).select_related("owner").order_by("name")
    return sorted(channels, key=lambda channel: channel.owner_id != person.pk)
