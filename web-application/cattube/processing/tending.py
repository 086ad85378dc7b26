"""Going on with uploads into the bucket that nobody looks after: the page is gone, or the worker was away."""

import logging

from cattube.processing.announce import announce, due_announcements
from cattube.processing.models import BucketUpload
from cattube.storage.objects import StoreError
from cattube.storage.store import bucket
from cattube.videos.states import Status

log = logging.getLogger(__name__)


def tend_uploads(at_most: int) -> int:
    """Announce what waits for a worker, and abort what never came; how many uploads were treated."""
    due, dead = due_announcements(at_most), _dead(at_most)
    for upload in due:
        announce(upload)
    for upload in dead:
        _abort(upload)
    return len(due) + len(dead)


def _dead(at_most: int) -> list[BucketUpload]:
    """Uploads whose video has failed before all bytes were there."""
    unfinished = BucketUpload.objects.filter(completed_at=None).exclude(upload_id="")
    return list(unfinished.filter(video__status=Status.FAILED)[:at_most])


def _abort(upload: BucketUpload) -> None:
    try:
        bucket().delete(upload.object_key)
    except StoreError as error:
        log.warning("An upload that never came is not aborted yet: %s", error)
        return
    BucketUpload.objects.filter(pk=upload.pk).update(upload_id="")
