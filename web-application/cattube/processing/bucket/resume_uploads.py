"""Uploads into the bucket that neither page nor engine continues: they are resumed or ended."""

import logging
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from cattube.processing.bucket.announcements import announce, due_announcements
from cattube.processing.lifecycle.error_messages import TOOK_TOO_LONG
from cattube.processing.lifecycle.failure import fail
from cattube.processing.models import BucketUpload
from cattube.storage.objects import StoreError
from cattube.storage.store import video_store
from cattube.videos.states import Status

log = logging.getLogger(__name__)
LONGEST_SILENCE = timedelta(hours=24)


def resume_uploads(at_most: int) -> int:
    """Announce what waits for an engine, end what never came or never ended. Returns how many uploads."""
    due, silent, dead = due_announcements(at_most), _silent(at_most), _dead(at_most)
    for upload in due:
        announce(upload)
    for upload in silent:
        fail(upload.video, TOOK_TOO_LONG)
    for upload in dead:
        _abort(upload)
    return len(due) + len(silent) + len(dead)


def _silent(at_most: int) -> list[BucketUpload]:
    """Uploads whose engine names no Assembly to ask about, and has not reported for too long."""
    announced = BucketUpload.objects.filter(announced_at__lt=timezone.now() - LONGEST_SILENCE)
    silent = announced.filter(
        attempt=F("video__attempt"), video__status=Status.PROCESSING, video__assembly_id=""
    )
    return list(silent.select_related("video")[:at_most])


def _dead(at_most: int) -> list[BucketUpload]:
    """Uploads whose video has failed before all bytes were there."""
    unfinished = BucketUpload.objects.filter(completed_at=None).exclude(upload_id="")
    return list(unfinished.filter(video__status=Status.FAILED)[:at_most])


def _abort(upload: BucketUpload) -> None:
    try:
        video_store().delete(upload.object_key)
    except StoreError as error:
        log.warning("An upload that never came is not aborted yet: %s", error)
        return
    BucketUpload.objects.filter(pk=upload.pk).update(upload_id="")
