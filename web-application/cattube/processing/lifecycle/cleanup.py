"""Giving up an attempt at a video, down to the last byte of it."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from cattube.processing.models import Abandonment, BucketUpload, service_of
from cattube.processing.transloadit.client import EngineUnreachable, engine
from cattube.processing.transloadit.options import LIFETIME
from cattube.processing.transloadit.status import BadReport, Report, report_from
from cattube.storage.object_keys import folder_of, is_folder
from cattube.storage.objects import StoreError
from cattube.storage.store import bucket
from cattube.videos.models import Video

log = logging.getLogger(__name__)

# A step that was storing when it was cancelled may finish a moment later: look again before forgetting it.
GRACE = timedelta(minutes=1)
# Signed params that were never used can still make an Assembly until they expire, and that one may run on.
UNUSED_LIFETIME = LIFETIME + timedelta(hours=24)


def abandon(video: Video) -> Abandonment:
    """Note that the video's present attempt is given up. Call inside the transaction that does it."""
    row, _ = Abandonment.objects.get_or_create(
        video_id=video.pk,
        attempt=video.attempt,
        defaults={
            "assembly_id": video.assembly_id,
            "service": service_of(video),
            "object_keys": _object_keys(video),
        },
    )
    return row


def _object_keys(video: Video) -> list[str]:
    """All that the attempt has put into the bucket, or was about to."""
    uploads = BucketUpload.objects.filter(video=video, attempt=video.attempt)
    assets = video.assets.values_list("object_key", flat=True)
    freed = {
        *uploads.values_list("object_key", flat=True),
        *(_whole(key, video.assembly_id) for key in assets),
    }
    return sorted(freed)


def _whole(object_key: str, assembly_id: str) -> str:
    """The object, with all else that the same step has stored when its folder is the Assembly's alone."""
    folder = folder_of(object_key)
    return folder if assembly_id and folder.endswith(f"/{assembly_id}/") else object_key


def settle(row: Abandonment) -> None:
    """Cancel what still runs and free what was stored. What cannot be done now is left to `reconcile`."""
    try:
        forget_objects(row.object_keys)
        row.object_keys = []
        if _end_assembly(row):
            row.settled_at = timezone.now()
    except (EngineUnreachable, StoreError) as error:
        log.warning("Abandoned %s is not cleared away yet: %s", row, error)
    row.save(update_fields=["object_keys", "settled_at"])


def unsettled() -> QuerySet[Abandonment]:
    """What can be cleared away by now, longest waiting first."""
    void_since = timezone.now() - UNUSED_LIFETIME
    due = ~Q(assembly_id="") | ~Q(object_keys=[]) | Q(abandoned_at__lt=void_since)
    return Abandonment.objects.filter(due, settled_at=None).order_by("abandoned_at")


def forget_objects(object_keys: Iterable[str]) -> None:
    """Free these objects, and all that lies in those which are folders. Raises StoreError."""
    store = bucket()
    for key in object_keys:
        if is_folder(key):
            store.delete_folder(key)
        else:
            store.delete(key)


def forget_results(report: Report) -> None:
    """Free all that an unwanted Assembly has stored, told or not. Raises StoreError."""
    # What was just being stored when the Assembly was cancelled is in no result.
    folders = {f"{name}/{report.assembly_id}/" for name in report.stored_steps if report.assembly_id}
    told = {_whole(result.object_key, report.assembly_id) for result in report.results}
    forget_objects(told | {folder for folder in folders if is_folder(folder)})


def _end_assembly(row: Abandonment) -> bool:
    """Whether nothing more can come of it. Raises EngineUnreachable, StoreError."""
    age = timezone.now() - row.abandoned_at
    if not row.assembly_id:
        return age > UNUSED_LIFETIME
    status = engine(row.service).status(row.assembly_id)
    if status is None:
        return age > GRACE
    report = _own_report(row, status)
    if report is None:
        return age > UNUSED_LIFETIME
    # One that has ended too: the engine may still keep files of it for those who replay.
    report = _own_report(row, engine(row.service).cancel(row.assembly_id)) or report
    forget_results(report)
    return age > GRACE and report.is_final


def _own_report(row: Abandonment, status: dict[str, Any] | None) -> Report | None:
    """None when the status was signed for another video: the id came from the owner's browser."""
    try:
        report = report_from(status)
    except BadReport:
        return None
    return report if (report.video_id, report.attempt) == (row.video_id, row.attempt) else None
