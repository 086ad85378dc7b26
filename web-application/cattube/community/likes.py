"""Likes of videos. Their number stands in the video and is always that of the rows."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction

from cattube.community.flood import refuse_flood
from cattube.community.models import Like
from cattube.errors import NotFound
from cattube.videos.models import Video


def set_like(video: Video, user: User, *, liked: bool) -> int:
    """Like the video or take the like back; the number of likes then. A second time changes nothing.

    Raises NotFound when the video is deleted at the same moment, TooFast.
    """
    refuse_flood(user, "like")
    with transaction.atomic():
        # Likes of one video come one after the other: each counts what is there.
        if not _lock([video.pk]):
            raise NotFound
        if liked:
            Like.objects.get_or_create(video_id=video.pk, user=user)
        else:
            Like.objects.filter(video_id=video.pk, user=user).delete()
        return _count(video.pk)


def liked_ids(viewer: AbstractBaseUser | AnonymousUser, videos: Iterable[Video]) -> set[str]:
    """Ids of those of the videos that the viewer likes. No query where nobody can have liked anything."""
    liked = [video.pk for video in videos if video.likes]
    if not liked or not viewer.is_authenticated:
        return set()
    return set(Like.objects.filter(user_id=viewer.pk, video__in=liked).values_list("video_id", flat=True))


def lock_liked(instance: User, **_: Any) -> None:
    """Lock the videos that an account likes before it ends: of two that end one waits at the first."""
    _lock(Like.objects.filter(user_id=instance.pk).values_list("video_id", flat=True))


def count_anew(instance: Like, origin: Any = None, **_: Any) -> None:
    """Count the likes of a video that has lost one. origin: what was deleted, or its queryset."""
    if isinstance(origin, Video) or getattr(origin, "model", None) is Video:
        return
    if isinstance(origin, User) and origin.pk != instance.user_id:  # the video is theirs, and goes as well
        return
    with transaction.atomic():
        _lock([instance.video_id])
        _count(instance.video_id)


def _lock(video_ids: Iterable[str]) -> bool:
    """Lock the videos until the transaction ends, always in the same order; False when there are none."""
    locked = Video.objects.select_for_update(no_key=True).filter(pk__in=video_ids).order_by("pk")
    return bool(list(locked.values_list("pk")))


def _count(video_id: str) -> int:
    likes = Like.objects.filter(video_id=video_id).count()
    Video.objects.filter(pk=video_id).update(likes=likes)
    return likes
