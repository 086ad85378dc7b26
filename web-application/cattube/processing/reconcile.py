"""Making every record true without waiting for a report."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from cattube.processing.bucket.resume_uploads import tend_uploads
from cattube.processing.lifecycle.cleanup import settle, unsettled
from cattube.processing.lifecycle.deletion import empty_trash
from cattube.processing.lifecycle.error_messages import EXPIRED
from cattube.processing.lifecycle.refresh import ask, fail
from cattube.processing.transloadit.client import EngineUnreachable
from cattube.videos.models import Video
from cattube.videos.states import IMPROVING, Status

log = logging.getLogger(__name__)

# For how long nobody may have asked about a video. Who shares a link and closes the page finds the video in
# the library a few seconds after it could be watched; when it is as good as it gets, the engine reports.
UNHEARD_FOR: Mapping[str, tuple[Q, timedelta]] = {
    "processing": (Q(status=Status.PROCESSING), timedelta(seconds=3)),
    "uploading": (Q(status=Status.UPLOADING), timedelta(seconds=5)),
    "improving": (Q(phase=IMPROVING), timedelta(seconds=30)),
}
# Of each kind in one round, so that a thousand uploads that pause hold up nobody's video.
QUESTIONS = 50
UPLOAD_LIFETIME = timedelta(hours=24)
AT_A_TIME = 200


def reconcile() -> int:
    """Do all there is to do now; how many rows were treated."""
    return clear_up() + ask_about_unheard(timezone.now())


def clear_up() -> int:
    """End uploads that never came, announce what lies in the bucket, and clear away trash and abandoned.

    How many rows were treated.
    """
    late, abandoned = _never_came(), list(unsettled()[:AT_A_TIME])
    for video in late:
        fail(video, EXPIRED)
    for row in abandoned:
        settle(row)
    return len(late) + len(abandoned) + tend_uploads(AT_A_TIME) + empty_trash(AT_A_TIME)


def ask_about_unheard(now: datetime) -> int:
    """Ask about every video that was not heard of for a while and may have changed; how many were asked."""
    videos = [video for which, pause in UNHEARD_FOR.values() for video in _unheard(which, now - pause)]
    for count, video in enumerate(videos):
        Video.objects.filter(pk=video.pk).update(checked_at=now)
        try:
            ask(video)
        except EngineUnreachable as error:
            log.warning("The engine does not answer, %d videos wait: %s", len(videos) - count, error)
            return count
    return len(videos)


def _unheard(which: Q, since: datetime) -> list[Video]:
    quiet = Q(checked_at=None) | Q(checked_at__lte=since)
    videos = Video.objects.filter(which, quiet).exclude(assembly_id="")
    return list(videos.order_by(F("checked_at").asc(nulls_first=True))[:QUESTIONS])


def _never_came() -> list[Video]:
    late = timezone.now() - UPLOAD_LIFETIME
    uploads = Video.objects.filter(status=Status.UPLOADING, assembly_id="", attempted_at__lt=late)
    return list(uploads[:AT_A_TIME])
