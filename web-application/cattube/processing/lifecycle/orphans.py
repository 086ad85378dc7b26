"""Differences between bucket and records: objects without a record, and records without an object."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from cattube.processing.models import Abandonment, BucketUpload
from cattube.processing.transloadit.status.assembly_status import folders_of
from cattube.storage.object_keys import folder_of, is_safe, name_of_folder
from cattube.storage.objects import StoredObject, UnfinishedUpload
from cattube.storage.store import Store
from cattube.videos.models import Asset, Video
from cattube.videos.states import IMPROVING, UNFINISHED


@dataclass
class RecordedObjects:
    """Objects that have a record.

    objects: video ids by object key. uploads: ids of multipart uploads. folders, attempts: all objects in
    such a folder, or with that second name of an attempt under way, are on record too.
    """

    objects: dict[str, str]
    uploads: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    attempts: set[str] = field(default_factory=set)

    def has(self, object_key: str) -> bool:
        folder = folder_of(object_key)
        is_part = folder in self.folders or name_of_folder(object_key) in self.attempts
        return object_key in self.objects or is_part


@dataclass
class Differences:
    """Differences between bucket and records.

    orphans: objects without a record. foreign: objects whose names are none of ours, which are left alone.
    lost: video ids by key, of records without an object. dead: multipart uploads that nobody goes on with.
    """

    orphans: list[StoredObject] = field(default_factory=list)
    foreign: list[StoredObject] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)
    dead: list[UnfinishedUpload] = field(default_factory=list)


def compare(
    objects: Iterable[StoredObject],
    uploads: Iterable[UnfinishedUpload],
    recorded: RecordedObjects,
    *,
    before: datetime,
) -> Differences:
    """Differences between the bucket's `objects` and `uploads` and the records. Pure.

    before: younger objects are left out; they may belong to an Assembly that has not reported yet.
    """
    differences = Differences(lost=dict(recorded.objects))
    for stored in objects:
        if stored.is_visible:
            differences.lost.pop(stored.object_key, None)
        if stored.stored_at >= before:
            continue
        if not is_safe(stored.object_key):
            differences.foreign.append(stored)
        elif not recorded.has(stored.object_key):
            differences.orphans.append(stored)
    differences.dead = [
        upload for upload in uploads if upload.begun_at < before and upload.upload_id not in recorded.uploads
    ]
    return differences


def confirmed(differences: Differences, recorded: RecordedObjects) -> Differences:
    """Differences that hold with records that are newer than they are. Pure."""
    return Differences(
        orphans=[stored for stored in differences.orphans if not recorded.has(stored.object_key)],
        foreign=differences.foreign,
        lost={key: video_id for key, video_id in differences.lost.items() if key in recorded.objects},
        dead=[upload for upload in differences.dead if upload.upload_id not in recorded.uploads],
    )


def recorded_objects() -> RecordedObjects:
    """All objects on record by now."""
    assets = Asset.objects.values_list("object_key", "video_id").iterator()
    folders = Asset.objects.exclude(folder="").values_list("folder", flat=True)
    uploads = BucketUpload.objects.values_list("object_key", "upload_id")
    unsettled = Video.objects.filter(Q(status__in=UNFINISHED) | Q(phase=IMPROVING))
    # `reconcile` cleans these up, and knows when it may.
    abandoned = Abandonment.objects.filter(settled_at=None)
    attempts = (
        *unsettled.values_list("folder", "assembly_id"),
        *abandoned.values_list("folder", "assembly_id"),
    )
    return RecordedObjects(
        objects=dict(assets),
        uploads={upload_id for _, upload_id in uploads},
        folders={*folders, *(folder_of(object_key) for object_key, _ in uploads)},
        attempts={name for names in attempts for name in folders_of(*names)},
    )


def remove(differences: Differences, store: Store) -> Iterator[str]:
    """Delete orphans and dead uploads; the key of each as it goes. Raises StoreError."""
    for stored in differences.orphans:
        store.delete(stored.object_key)
        yield stored.object_key
    for upload in differences.dead:
        store.abort(upload)
        yield upload.object_key
