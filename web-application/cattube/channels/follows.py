"""Followers of channels. Their number stands in the channel."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

from cattube.channels.group_accounts import acts_for
from cattube.channels.models import Channel, Follow
from cattube.errors import NotAllowed, NotFound
from cattube.stored_count import StoredCount

FOLLOWERS = StoredCount(Channel, "followers", rows=Follow, key="channel")


def set_follow(channel: Channel, user: User, *, follows: bool) -> int:
    """Follow the channel or stop to; the number of followers then. A second time changes nothing.

    Raises NotAllowed for whoever follows a channel of their own, NotFound when it is deleted at the same
    moment, or the account.
    """
    # Whoever has followed a group before they joined it may stop to.
    if follows and acts_for(user, channel.owner):
        raise NotAllowed("This is your own channel.")
    followers = FOLLOWERS.set(channel, user, counts=follows)
    if followers is None:
        raise NotFound("There is no such channel.")
    return followers


def is_following(channel: Channel, viewer: AbstractBaseUser | AnonymousUser) -> bool:
    return viewer.is_authenticated and Follow.objects.filter(channel=channel, user_id=viewer.pk).exists()
