"""History of a person: what they watched last, and where they stopped."""

from collections.abc import Iterable
from contextlib import suppress

from django.contrib.auth.models import User
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from cattube.videos import access
from cattube.videos.ids import is_video_id
from cattube.videos.models import Video
from cattube.videos.states import Status
from cattube.viewing.models import HistoryPause, WatchedVideo


def is_on(user: User) -> bool:
    return not HistoryPause.objects.filter(user=user).exists()


def switch(user: User, *, on: bool) -> None:
    """Begin or stop to keep a history. What is there stays until it is emptied."""
    if on:
        HistoryPause.objects.filter(user=user).delete()
    else:
        HistoryPause.objects.get_or_create(user=user)


def record(user: User, video: Video, seconds: int) -> None:
    """Keep the position, unless the person's history is off."""
    if not is_on(user):
        return
    now = timezone.now()
    with suppress(IntegrityError):  # the video is deleted at the same moment
        WatchedVideo.objects.update_or_create(
            user=user, video=video, defaults={"seconds": seconds, "watched_at": now}
        )


def position_in(video: Video, user: User) -> int:
    """Seconds to go on from, 0 for the beginning."""
    lines = WatchedVideo.objects.filter(user=user, video=video)
    return lines.values_list("seconds", flat=True).first() or 0


def lines_of(user: User) -> QuerySet[WatchedVideo]:
    """Lines of the person's history with their videos, the last one first; only what they may still see."""
    return (
        WatchedVideo.objects.filter(access.may_watch(user, "video__"), user=user)
        .select_related("video__owner__channel")
        .prefetch_related("video__assets", "video__tags")
        .order_by("-watched_at", "-id")
    )


def unfinished(user: User, *, at_most: int) -> list[WatchedVideo]:
    """Lines of videos that the person stopped in the middle of, the last one first."""
    return list(lines_of(user).filter(seconds__gt=0, video__status=Status.READY)[:at_most])


def seconds_watched(viewer: access.Viewer, videos: Iterable[Video]) -> dict[str, int]:
    """Position by the video's id, of those that the viewer has watched; 0 after the end."""
    if not isinstance(viewer, User):
        return {}
    lines = WatchedVideo.objects.filter(user=viewer, video__in=[video.pk for video in videos])
    return dict(lines.values_list("video_id", "seconds"))


def forget(user: User, video_id: str) -> None:
    """Take one video out of the history."""
    if is_video_id(video_id):
        WatchedVideo.objects.filter(user=user, video_id=video_id).delete()


def empty(user: User) -> None:
    WatchedVideo.objects.filter(user=user).delete()
