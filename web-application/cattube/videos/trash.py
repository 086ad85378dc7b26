"""Trash: videos that nobody sees, until their owner takes them back or they are deleted for ever."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

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
