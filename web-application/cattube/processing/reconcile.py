"""Reconciler: it brings every record up to date without waiting for a report."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F, Q
from django.utils import timezone

from cattube.processing.bucket.resume_uploads import resume_uploads
from cattube.processing.captioning.rounds import advance_captionings
from cattube.processing.lifecycle.assembly_search import search_all_due
from cattube.processing.lifecycle.cleanup import clean_up, due_cleanups
from cattube.processing.lifecycle.deletion import delete_expired_trash
from cattube.processing.lifecycle.error_messages import EXPIRED
from cattube.processing.lifecycle.failure import fail
from cattube.processing.lifecycle.refresh import poll
from cattube.processing.transloadit.client import EngineUnreachable
from cattube.videos.models import Video
from cattube.videos.states import IMPROVING, Status

log = logging.getLogger(__name__)

# Time since the last question about a video, by kind. A viewer who follows a link finds the video a few
# seconds after it could be watched; when it is as good as it gets, the engine sends a notification.
QUIET_FOR: Mapping[str, tuple[Q, timedelta]] = {
    "processing": (Q(status=Status.PROCESSING), timedelta(seconds=3)),
    "uploading": (Q(status=Status.UPLOADING), timedelta(seconds=5)),
    "improving": (Q(phase=IMPROVING), timedelta(seconds=30)),
}
# Of each kind, so that a thousand uploads that pause hold up nobody's video.
POLLS_PER_ROUND = 50
UPLOAD_LIFETIME = timedelta(hours=24)
ROWS_PER_ROUND = 200


def reconcile() -> int:
    """Do all there is to do now. Returns how many rows were treated."""
    return housekeeping() + poll_quiet_videos(timezone.now())


def housekeeping() -> int:
    """Do all that nobody waits for. Returns how many rows were treated."""
    return sum(task() for task in HOUSEKEEPING)


def _end_what_never_came() -> int:
    late = _never_came()
    for video in late:
        fail(video, EXPIRED)
    return len(late)


def _clean_up_what_was_abandoned() -> int:
    abandoned = list(due_cleanups()[:ROWS_PER_ROUND])
    for row in abandoned:
        clean_up(row)
    return len(abandoned)


def poll_quiet_videos(now: datetime) -> int:
    """Ask about every video that may have changed since it was last asked about, and search for Assemblies.

    Returns about how many.
    """
    videos = [video for kind, pause in QUIET_FOR.values() for video in _quiet_videos(kind, now - pause)]
    for count, video in enumerate(videos):
        Video.objects.filter(pk=video.pk).update(checked_at=now)
        try:
            poll(video)
        except EngineUnreachable as error:
            log.warning("The engine does not answer, %d videos wait: %s", len(videos) - count, error)
            return count
    return len(videos) + search_all_due(now)


def _quiet_videos(kind: Q, since: datetime) -> list[Video]:
    quiet = Q(checked_at=None) | Q(checked_at__lte=since)
    videos = Video.objects.filter(kind, quiet).exclude(assembly_id="")
    return list(videos.order_by(F("checked_at").asc(nulls_first=True))[:POLLS_PER_ROUND])


def _never_came() -> list[Video]:
    late = timezone.now() - UPLOAD_LIFETIME
    uploads = Video.objects.filter(status=Status.UPLOADING, assembly_id="", attempted_at__lt=late)
    return list(uploads[:ROWS_PER_ROUND])


# Each by itself: one that fails holds up no other.
HOUSEKEEPING: tuple[Callable[[], int], ...] = (
    _end_what_never_came,
    partial(resume_uploads, ROWS_PER_ROUND),
    partial(delete_expired_trash, ROWS_PER_ROUND),
    _clean_up_what_was_abandoned,
    advance_captionings,
)
