"""Trash, undo, and deleting for ever."""

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cattube.processing.lifecycle.cleanup import abandon, settle
from cattube.videos.models import Video


def move_to_trash(video: Video) -> None:
    """Nobody sees the video any more; `restore` brings it back."""
    Video.objects.filter(pk=video.pk, trashed_at=None).update(trashed_at=timezone.now())


def restore(video: Video) -> None:
    Video.objects.filter(pk=video.pk).update(trashed_at=None)


def erase(video: Video) -> None:
    """Delete record and objects for ever, and stop what still runs for it. Twice is the same as once."""
    _erase(Video.objects.filter(pk=video.pk))


def empty_trash(at_most: int) -> int:
    """Erase what has lain in the trash for TRASH_LIFETIME; how many videos that were."""
    since = timezone.now() - settings.TRASH_LIFETIME
    forgotten = Video.objects.filter(trashed_at__lt=since)
    due = list(forgotten.order_by("trashed_at").values_list("pk", flat=True)[:at_most])
    for video_id in due:
        _erase(forgotten.filter(pk=video_id))
    return len(due)


def _erase(wanted: QuerySet[Video]) -> None:
    """wanted: one video, as long as it is to be erased: it may be restored at the same time."""
    with transaction.atomic():
        # Read again under lock: a report may have come since the page was opened.
        current = wanted.select_for_update().first()
        if current is None:
            return
        row = abandon(current)
        current.delete()
    settle(row)
