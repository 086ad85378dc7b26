"""Trash: videos that nobody sees, until their owner takes them back or they are deleted for ever."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone

from cattube.videos.access import Viewer, in_trash, trashed_by
from cattube.videos.models import Video


def move_to_trash(video: Video) -> None:
    """Hide the video from everybody; `restore` brings it back."""
    Video.objects.filter(pk=video.pk, trashed_at=None).update(trashed_at=timezone.now())


def restore(video: Video) -> None:
    """Take the video out of the trash."""
    Video.objects.filter(pk=video.pk).update(trashed_at=None)


def expired_trash() -> QuerySet[Video]:
    """Videos that have been in the trash for TRASH_LIFETIME."""
    return Video.objects.filter(trashed_at__lt=timezone.now() - settings.TRASH_LIFETIME)


@dataclass(frozen=True)
class TrashSummary:
    """stored_bytes: that deleting all of it frees. newest_at: when the last one came; None without one."""

    count: int
    stored_bytes: int
    newest_at: datetime | None


def summary_of(viewer: Viewer) -> TrashSummary:
    """All of the viewer's trash."""
    videos = Video.objects.filter(in_trash(viewer))
    facts = videos.aggregate(
        count=Count("pk", distinct=True), stored_bytes=Sum("assets__size_bytes"), newest_at=Max("trashed_at")
    )
    return TrashSummary(facts["count"], facts["stored_bytes"] or 0, facts["newest_at"])


def trash_of(viewer: Viewer) -> QuerySet[Video]:
    """Videos in the viewer's trash, each with `stored_bytes`, which may be None."""
    return trashed_by(viewer).annotate(stored_bytes=Sum("assets__size_bytes"))
