"""Deletion for ever, of one video, of a person's trash, or of what has been in the trash for too long."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cattube.processing.captioning.cancellation import assemblies_at_work, cancel_if_possible
from cattube.processing.lifecycle.cleanup import abandon_attempt, clean_up
from cattube.processing.models import Abandonment
from cattube.videos.access import Viewer, in_trash
from cattube.videos.models import Video
from cattube.videos.trash import expired_trash

# By one request, so that it is answered within seconds.
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class _Remains:
    """What a deleted record leaves to do. captionings: ids of Assemblies."""

    abandonment: Abandonment
    captionings: list[str]


def delete_forever(video: Video) -> None:
    """Delete record and objects, and stop the work on them. A second call changes nothing."""
    _delete(Video.objects.filter(pk=video.pk))


def delete_expired_trash(at_most: int) -> int:
    """Delete videos that have been in the trash for TRASH_LIFETIME. Returns how many."""
    expired = expired_trash()
    due = list(expired.order_by("trashed_at").values_list("pk", flat=True)[:at_most])
    for video_id in due:
        _delete(expired.filter(pk=video_id))
    return len(due)


def empty_trash(viewer: Viewer, *, until: datetime) -> int:
    """Delete MOST_AT_ONCE videos in the viewer's trash, the oldest first. Returns how many there were.

    until: what came into the trash later stays: the viewer may not have seen it there.
    Their objects are left to `reconcile`: to ask the engine about each would take long, and longer when it is
    silent.
    """
    trash = Video.objects.filter(in_trash(viewer), trashed_at__lte=until)
    due = list(trash.order_by("trashed_at", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    remains = [_delete_record(trash.filter(pk=video_id)) for video_id in due]
    done = [left for left in remains if left]
    cancel_if_possible(assembly_id for left in done for assembly_id in left.captionings)
    return len(done)


def _delete(videos: QuerySet[Video]) -> None:
    """Delete the one video with its objects, if it is still among `videos`."""
    remains = _delete_record(videos)
    if remains is not None:
        clean_up(remains.abandonment)
        cancel_if_possible(remains.captionings)


def _delete_record(videos: QuerySet[Video]) -> _Remains | None:
    """Delete the record of the one video, if it is still among `videos`: it may be restored meanwhile."""
    with transaction.atomic():
        # Read again under lock: a report may have come since the page was opened.
        video = videos.select_for_update().first()
        if video is None:
            return None
        remains = _Remains(abandon_attempt(video), assemblies_at_work(video))
        video.delete()
    return remains
