"""Trash, undo, and deleting for ever."""

from django.db import transaction
from django.utils import timezone

from cattube.processing.abandon import abandon, settle
from cattube.videos.models import Video


def move_to_trash(video: Video) -> None:
    """Nobody sees the video any more; `restore` brings it back."""
    Video.objects.filter(pk=video.pk, trashed_at=None).update(trashed_at=timezone.now())


def restore(video: Video) -> None:
    Video.objects.filter(pk=video.pk).update(trashed_at=None)


def erase(video: Video) -> None:
    """Delete record and objects for ever, and stop what still runs for it. Twice is the same as once."""
    with transaction.atomic():
        # Read again under lock: a report may have come since the page was opened.
        current = Video.objects.select_for_update().filter(pk=video.pk).first()
        if current is None:
            return
        row = abandon(current)
        current.delete()
    settle(row)
