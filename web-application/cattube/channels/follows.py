"""Followers of channels. Their number stands in the channel and is always that of the rows."""

from collections.abc import Iterable
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
        if not _lock([channel.pk]):
            raise NotFound("There is no such channel.")
        if follows:
            Follow.objects.get_or_create(channel_id=channel.pk, user=user)
        else:
            Follow.objects.filter(channel_id=channel.pk, user=user).delete()
        return _count(channel.pk)


def is_following(channel: Channel, viewer: AbstractBaseUser | AnonymousUser) -> bool:
    return viewer.is_authenticated and Follow.objects.filter(channel=channel, user_id=viewer.pk).exists()


def lock_followed(instance: User, **_: Any) -> None:
    """Lock the channels that an account follows before it ends: of two that end one waits at the first."""
    _lock(Follow.objects.filter(user_id=instance.pk).values_list("channel_id", flat=True))


def count_anew(instance: Follow, origin: Any = None, **_: Any) -> None:
    """Count the followers of a channel that has lost one. origin: what was deleted, or its queryset."""
    if isinstance(origin, Channel) or getattr(origin, "model", None) is Channel:
        return
    if isinstance(origin, User) and origin.pk != instance.user_id:  # the channel is theirs, and goes as well
        return
    with transaction.atomic():
        _lock([instance.channel_id])
        _count(instance.channel_id)


def _lock(channel_ids: Iterable[int]) -> bool:
    """Lock the channels until the transaction ends, always in the same order; False when there are none."""
    locked = Channel.objects.select_for_update(no_key=True).filter(pk__in=channel_ids).order_by("pk")
    return bool(list(locked.values_list("pk")))


def _count(channel_id: int) -> int:
    followers = Follow.objects.filter(channel_id=channel_id).count()
    Channel.objects.filter(pk=channel_id).update(followers=followers)
    return followers
