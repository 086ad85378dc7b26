"""Announcing what lies in the bucket until a worker has taken it on."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cattube.processing.bucket.announcement_client import NotAnnounced, transcoder
from cattube.processing.lifecycle.error_messages import NOT_TAKEN_ON
from cattube.processing.lifecycle.refresh import fail
from cattube.processing.models import Abandonment, BucketUpload
from cattube.videos.models import Video
from cattube.videos.states import Status

log = logging.getLogger(__name__)

# Longer than one announcement takes: nobody else makes the same one meanwhile.
CLAIM = timedelta(seconds=30)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=24)


def announce(upload: BucketUpload) -> None:
    """Tell the worker, unless that is being done. What cannot be done now is left to `reconcile`."""
    if not _claim(upload):
        return
    worker = transcoder()
    try:
        assembly_id = worker.announce(upload.object_key, webhook=upload.webhook)
    except NotAnnounced as error:
        log.warning("Video %s is not announced yet: %s", upload.video_id, error)
        _put_off(upload)
    else:
        _keep(upload, service=worker.origin, assembly_id=assembly_id)


def due_announcements(at_most: int) -> list[BucketUpload]:
    """Uploads whose worker should hear of them now, longest waiting first."""
    waiting = BucketUpload.objects.filter(due_at__lte=timezone.now(), announced_at=None)
    return list(waiting.select_related("video").order_by("due_at")[:at_most])


def pause_after(announcements: int) -> timedelta:
    """How long to wait after so many announcements in vain, from 1."""
    doublings = min(announcements - 1, 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def _claim(upload: BucketUpload) -> bool:
    now = timezone.now()
    due = BucketUpload.objects.filter(pk=upload.pk, announced_at=None, due_at__lte=now)
    return bool(due.update(due_at=now + CLAIM, announcements=F("announcements") + 1))


def _put_off(upload: BucketUpload) -> None:
    upload.refresh_from_db()
    now = timezone.now()
    if upload.completed_at is not None and now - upload.completed_at > GIVE_UP_AFTER:
        BucketUpload.objects.filter(pk=upload.pk).update(due_at=None)
        fail(upload.video, NOT_TAKEN_ON)
        return
    BucketUpload.objects.filter(pk=upload.pk).update(due_at=now + pause_after(upload.announcements))


def _keep(upload: BucketUpload, *, service: str, assembly_id: str) -> None:
    """Remember who works on it, as one change, so that a report finds both or neither."""
    with transaction.atomic():
        BucketUpload.objects.filter(pk=upload.pk).update(
            announced_at=timezone.now(), due_at=None, service=service
        )
        attempt = Video.objects.filter(pk=upload.video_id, attempt=upload.attempt, status=Status.PROCESSING)
        if not attempt.update(assembly_id=assembly_id, checked_at=None):
            # Given up while the worker was told: what it makes has to go again.
            given_up = Abandonment.objects.filter(video_id=upload.video_id, attempt=upload.attempt)
            given_up.update(assembly_id=assembly_id, service=service, settled_at=None)
