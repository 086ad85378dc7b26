"""Deletion for ever, of one video or of what has been in the trash for too long."""

from django.db import transaction
from django.db.models import QuerySet

from cattube.processing.captioning.cancellation import assemblies_at_work, cancel_if_possible
from cattube.processing.lifecycle.cleanup import abandon_attempt, clean_up
from cattube.videos.models import Video
from cattube.videos.trash import expired_trash


def delete_forever(video: Video) -> None:
    """Delete record and objects, and stop the work on them. A second call changes nothing."""
    _delete(Video.objects.filter(pk=video.pk))


def empty_trash(at_most: int) -> int:
    """Delete videos that have been in the trash for TRASH_LIFETIME. Returns how many."""
    expired = expired_trash()
    due = list(expired.order_by("trashed_at").values_list("pk", flat=True)[:at_most])
    for video_id in due:
        _delete(expired.filter(pk=video_id))
    return len(due)


def _delete(videos: QuerySet[Video]) -> None:
    """Delete the one video, if it is still among `videos`: it may be restored at the same time."""
    with transaction.atomic():
        # Read again under lock: a report may have come since the page was opened.
        video = videos.select_for_update().first()
        if video is None:
            return
        row, captionings = abandon_attempt(video), assemblies_at_work(video)
        video.delete()
    clean_up(row)
    for assembly_id in captionings:
        cancel_if_possible(assembly_id)
