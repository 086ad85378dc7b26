"""Cleanup of abandoned attempts at videos: their Assembly is cancelled, their objects are deleted."""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from cattube.processing.models import Abandonment, BucketUpload, service_of
from cattube.processing.transloadit.client import EngineUnreachable, engine_client
from cattube.processing.transloadit.options import OPTIONS_LIFETIME
from cattube.processing.transloadit.status.assembly_status import AssemblyStatus, InvalidStatus, folders_of
from cattube.processing.transloadit.status.status_parser import parse_status
from cattube.storage.object_keys import folder_of, is_folder, name_of_folder
from cattube.storage.objects import StoreError
from cattube.storage.store import video_store
from cattube.videos.models import Asset, Video

log = logging.getLogger(__name__)

# A step that was storing when it was cancelled may finish a moment later: look again before settling the row.
GRACE = timedelta(minutes=1)
# Signed params that were never used can still make an Assembly until they expire, and that one may run on.
UNUSED_LIFETIME = OPTIONS_LIFETIME + timedelta(hours=24)


def abandon_attempt(video: Video, *, at: datetime | None = None) -> Abandonment:
    """Row for the video's present attempt, which is given up. Call inside the transaction that does it.

    at: when it is cleaned up at the earliest; None is at once.
    """
    row, _ = Abandonment.objects.get_or_create(
        video_id=video.pk,
        attempt=video.attempt,
        defaults={
            "folder": video.folder,
            "assembly_id": video.assembly_id,
            "service": service_of(video),
            "object_keys": _object_keys(video),
            "abandoned_at": at or timezone.now(),
        },
    )
    return row


def next_attempt(video: Video) -> int:
    """Number that no attempt at the video has had: one that was given up may be above the present one."""
    latest = Abandonment.objects.filter(video_id=video.pk).aggregate(latest=Max("attempt"))["latest"]
    return 1 + max(video.attempt, latest or 0)


def _object_keys(video: Video) -> list[str]:
    """Keys and folders of all that the attempt has put into the bucket, or was about to."""
    uploads = BucketUpload.objects.filter(video=video, attempt=video.attempt)
    assets = video.assets.values_list("object_key", flat=True)
    keys = {
        *uploads.values_list("object_key", flat=True),
        *(_key_or_folder(key, folders_of(video.folder, video.assembly_id)) for key in assets),
    }
    return sorted(keys)


def _key_or_folder(object_key: str, folders: Collection[str]) -> str:
    """Folder of all that the object's step has stored, if it is the attempt's alone; else the key."""
    return folder_of(object_key) if name_of_folder(object_key) in folders else object_key


def clean_up(row: Abandonment) -> None:
    """Cancel the Assembly and delete the objects. What cannot be done now is left to `reconcile`."""
    try:
        delete_objects(row.object_keys)
        row.object_keys = []
        if _end_assembly(row):
            row.settled_at = timezone.now()
    except (EngineUnreachable, StoreError) as error:
        log.warning("Abandoned %s is not cleared away yet: %s", row, error)
    row.save(update_fields=["object_keys", "settled_at"])


def due_cleanups() -> QuerySet[Abandonment]:
    """Rows that can be cleaned up by now, longest waiting first."""
    now = timezone.now()
    due = ~Q(assembly_id="") | ~Q(object_keys=[]) | Q(abandoned_at__lt=now - UNUSED_LIFETIME)
    return Abandonment.objects.filter(due, settled_at=None, abandoned_at__lte=now).order_by("abandoned_at")


def delete_objects(object_keys: Iterable[str]) -> None:
    """Delete these objects, and all objects in those that are folders. Raises StoreError.

    What a video has on record stays, and so does the folder of its present attempt (D48).
    """
    store = video_store()
    for key in object_keys:
        if _is_in_use(key):
            log.warning("Not deleted, for a video has it: %s", key)
        elif is_folder(key):
            store.delete_folder(key)
        else:
            store.delete(key)


def _is_in_use(key: str) -> bool:
    """True when a video shows the object, or one in the folder, or may do so later."""
    is_attempt = Video.objects.filter(folder=name_of_folder(key)).exclude(folder="")
    is_asset = Q(object_key__startswith=key) if is_folder(key) else Q(object_key=key)
    return is_attempt.exists() or Asset.objects.filter(is_asset).exists()


def delete_results(status: AssemblyStatus) -> None:
    """Delete all that an unwanted Assembly has stored, named in its results or not. Raises StoreError."""
    # An object that was being stored when the Assembly was cancelled is in no result.
    folders = {f"{step}/{name}/" for step in status.stored_steps for name in status.folders}
    keys = {_key_or_folder(result.object_key, status.folders) for result in status.results}
    delete_objects(keys | {folder for folder in folders if is_folder(folder)})


def _end_assembly(row: Abandonment) -> bool:
    """Cancel the Assembly; True when nothing more can come of it. Raises EngineUnreachable, StoreError."""
    age = timezone.now() - row.abandoned_at
    if not row.assembly_id:
        return age > UNUSED_LIFETIME
    engine = engine_client(row.service)
    document = engine.status(row.assembly_id)
    if document is None:
        return age > GRACE
    status = _own_status(row, document)
    if status is None:
        return age > UNUSED_LIFETIME
    # One that has ended too: the engine may still keep files of it for a replay.
    status = _own_status(row, engine.cancel(row.assembly_id)) or status
    delete_results(status)
    return age > GRACE and status.is_final


def _own_status(row: Abandonment, document: dict[str, Any] | None) -> AssemblyStatus | None:
    """None when the status was signed for another video: the id came from the owner's browser."""
    try:
        status = parse_status(document)
    except InvalidStatus:
        return None
    return status if (status.video_id, status.attempt) == (row.video_id, row.attempt) else None
