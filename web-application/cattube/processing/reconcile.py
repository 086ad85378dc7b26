"""Making every record true without waiting for a report."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from cattube.processing.abandon import settle, unsettled
from cattube.processing.engine import EngineUnreachable
from cattube.processing.erasure import empty_trash
from cattube.processing.reasons import EXPIRED
from cattube.processing.refresh import UNFINISHED, ask, fail
from cattube.processing.tending import tend_uploads
from cattube.videos.models import Video
from cattube.videos.states import Status

log = logging.getLogger(__name__)

UNHEARD_FOR = timedelta(seconds=10)
UPLOAD_LIFETIME = timedelta(hours=24)
AT_A_TIME = 200


def reconcile() -> int:
    """Ask about every video that is unfinished and was not heard of for a while; how many rows were treated.

    Also ends uploads that never came, announces what lies in the bucket, empties the trash, and clears away
    what was abandoned.
    """
    late, unheard, abandoned = _never_came(), _unheard(), list(unsettled()[:AT_A_TIME])
    for video in late:
        fail(video, EXPIRED)
    for row in abandoned:
        settle(row)
    tended = tend_uploads(AT_A_TIME) + empty_trash(AT_A_TIME)
    return len(late) + len(abandoned) + tended + _ask_all(unheard)


def _ask_all(videos: list[Video]) -> int:
    for count, video in enumerate(videos):
        Video.objects.filter(pk=video.pk).update(checked_at=timezone.now())
        try:
            ask(video)
        except EngineUnreachable as error:
            log.warning("The engine does not answer, %d videos wait: %s", len(videos) - count, error)
            return count
    return len(videos)


def _unheard() -> list[Video]:
    quiet = Q(checked_at=None) | Q(checked_at__lt=timezone.now() - UNHEARD_FOR)
    unfinished = Video.objects.filter(quiet, status__in=UNFINISHED).exclude(assembly_id="")
    return list(unfinished.order_by("checked_at")[:AT_A_TIME])


def _never_came() -> list[Video]:
    late = timezone.now() - UPLOAD_LIFETIME
    uploads = Video.objects.filter(status=Status.UPLOADING, assembly_id="", attempted_at__lt=late)
    return list(uploads[:AT_A_TIME])
