"""Announcements of videos in the bucket, repeated until an engine has accepted them."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cattube.processing.bucket.announcement import Announcement, NotAnnounced
from cattube.processing.bucket.announcement_client import announcement_client
from cattube.processing.lifecycle.error_messages import NOT_ACCEPTED
from cattube.processing.lifecycle.failure import fail
from cattube.processing.models import Abandonment, BucketUpload
from cattube.videos.models import Video
from cattube.videos.states import Status

log = logging.getLogger(__name__)

# Longer than one announcement takes: nobody else makes the same one meanwhile.
CLAIM_LIFETIME = timedelta(seconds=30)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=24)
_ASSEMBLY_SALT = "cattube.processing.bucket.assembly"


def announce(upload: BucketUpload) -> None:
    """Announce the upload, unless another process does so. What cannot be done now is left to `reconcile`."""
    if not _claim(upload):
        return
    engine = announcement_client()
    try:
        assembly_id = engine.announce(_announcement(upload))
    except NotAnnounced as error:
        log.warning("Video %s is not announced yet: %s", upload.video_id, error)
        _postpone(upload)
    else:
        _record_engine(upload, service=engine.origin, assembly_id=assembly_id)


def due_announcements(at_most: int) -> list[BucketUpload]:
    """Uploads that should be announced now, longest waiting first."""
    waiting = BucketUpload.objects.filter(due_at__lte=timezone.now(), announced_at=None)
    return list(waiting.select_related("video").order_by("due_at")[:at_most])


def pause_after(announcements: int) -> timedelta:
    """Time to wait after so many announcements in vain, from 1."""
    doublings = min(announcements - 1, 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def _announcement(upload: BucketUpload) -> Announcement:
    """Announcement of the upload: each time the same, so that an engine that gets it twice makes one video.

    The id of its Assembly is a permission, so nobody else can find it out.
    """
    attempt = f"{upload.video_id}:{upload.attempt}:{upload.object_key}"
    return Announcement(
        input_key=upload.object_key,
        webhook=upload.webhook,
        output_folder=upload.output_folder,
        assembly_id=salted_hmac(_ASSEMBLY_SALT, attempt, algorithm="sha256").hexdigest()[:32],
    )


def _claim(upload: BucketUpload) -> bool:
    now = timezone.now()
    due = BucketUpload.objects.filter(pk=upload.pk, announced_at=None, due_at__lte=now)
    return bool(due.update(due_at=now + CLAIM_LIFETIME, announcements=F("announcements") + 1))


def _postpone(upload: BucketUpload) -> None:
    upload.refresh_from_db()
    now = timezone.now()
    if upload.completed_at is not None and now - upload.completed_at > GIVE_UP_AFTER:
        BucketUpload.objects.filter(pk=upload.pk).update(due_at=None)
        fail(upload.video, NOT_ACCEPTED)
        return
    BucketUpload.objects.filter(pk=upload.pk).update(due_at=now + pause_after(upload.announcements))


def _record_engine(upload: BucketUpload, *, service: str, assembly_id: str) -> None:
    """Record the engine and its Assembly as one change, so that a report finds both or neither."""
    with transaction.atomic():
        BucketUpload.objects.filter(pk=upload.pk).update(
            announced_at=timezone.now(), due_at=None, service=service
        )
        attempt = Video.objects.filter(pk=upload.video_id, attempt=upload.attempt, status=Status.PROCESSING)
        if not attempt.update(assembly_id=assembly_id, checked_at=None):
            # Abandoned while it was announced: what the Assembly makes has to be deleted.
            abandoned = Abandonment.objects.filter(video_id=upload.video_id, attempt=upload.attempt)
            abandoned.update(assembly_id=assembly_id, service=service, settled_at=None)
