"""Followers of channels. Their number stands in the channel and is always that of the rows."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction

from cattube.channels.models import Channel, Follow
from cattube.errors import NotAllowed, NotFound


def set_follow(channel: Channel, user: User, *, follows: bool) -> int:
    """Follow the channel or stop to; the number of followers then. A second time changes nothing.

    Raises NotAllowed for one's own channel, NotFound for one that is deleted at the same moment.
    """
    if channel.owner_id == user.pk:
        raise NotAllowed("This is your own channel.")
    with transaction.atomic():
        # Followers of one channel come one after the other: each counts what is there.
        channels = Channel.objects.select_for_update(no_key=True).filter(pk=channel.pk)
        if not list(channels.values_list("pk")):
            raise NotFound("There is no such channel.")
        if follows:
            Follow.objects.get_or_create(channel_id=channel.pk, user=user)
        else:
            Follow.objects.filter(channel_id=channel.pk, user=user).delete()
        return _count(channel.pk)


def is_following(channel: Channel, viewer: AbstractBaseUser | AnonymousUser) -> bool:
    return viewer.is_authenticated and Follow.objects.filter(channel=channel, user_id=viewer.pk).exists()


def count_anew(instance: Follow, **_: Any) -> None:
    """Count the followers of a channel that has lost one."""
    _count(instance.channel_id)


def _count(channel_id: int) -> int:
    followers = Follow.objects.filter(channel_id=channel_id).count()
    Channel.objects.filter(pk=channel_id).update(followers=followers)
    return followers
