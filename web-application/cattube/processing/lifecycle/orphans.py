"""Where the bucket and the records disagree: objects nobody knows, and records whose object is gone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from cattube.processing.models import Abandonment, BucketUpload
from cattube.storage.object_keys import folder_of, is_safe
from cattube.storage.objects import StoredObject, UnfinishedUpload
from cattube.storage.store import Store
from cattube.videos.models import Asset, Video
from cattube.videos.states import IMPROVING, UNFINISHED


@dataclass
class Known:
    """What the records say of the bucket.

    objects: keys, with the id of the video each belongs to. uploads: ids of uploads straight to the bucket.
    folders, assemblies: all below such a folder, or stored by such an Assembly, is somebody's, too.
    """

    objects: dict[str, str]
    uploads: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    assemblies: set[str] = field(default_factory=set)

    def has(self, object_key: str) -> bool:
        folder = folder_of(object_key)
        is_part = folder in self.folders or folder.split("/")[1] in self.assemblies
        return object_key in self.objects or is_part


@dataclass
class Findings:
    """orphans: no record knows them. foreign: their names are none of ours, so they are left alone.

    lost: keys of records without an object, with the video's id. dead: uploads that nobody goes on with.
    """

    orphans: list[StoredObject] = field(default_factory=list)
    foreign: list[StoredObject] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)
    dead: list[UnfinishedUpload] = field(default_factory=list)


def compare(
    objects: Iterable[StoredObject], uploads: Iterable[UnfinishedUpload], known: Known, *, before: datetime
) -> Findings:
    """Pure. before: what is younger may belong to an Assembly that has not reported yet."""
    found = Findings(lost=dict(known.objects))
    for each in objects:
        if each.is_visible:
            found.lost.pop(each.object_key, None)
        if each.stored_at >= before:
            continue
        if not is_safe(each.object_key):
            found.foreign.append(each)
        elif not known.has(each.object_key):
            found.orphans.append(each)
    found.dead = [each for each in uploads if each.begun_at < before and each.upload_id not in known.uploads]
    return found


def confirmed(found: Findings, known: Known) -> Findings:
    """What of the findings holds with knowledge that is newer than they are. Pure."""
    return Findings(
        orphans=[each for each in found.orphans if not known.has(each.object_key)],
        foreign=found.foreign,
        lost={key: video_id for key, video_id in found.lost.items() if key in known.objects},
        dead=[each for each in found.dead if each.upload_id not in known.uploads],
    )


def known_objects() -> Known:
    """Everything the records know by now."""
    assets = Asset.objects.values_list("object_key", "video_id").iterator()
    sets = Asset.objects.exclude(folder="").values_list("folder", flat=True)
    uploads = BucketUpload.objects.values_list("object_key", "upload_id")
    unsettled = Video.objects.filter(Q(status__in=UNFINISHED) | Q(phase=IMPROVING)).exclude(assembly_id="")
    # `reconcile` clears these away, and knows when it may.
    abandoned = Abandonment.objects.filter(settled_at=None).exclude(assembly_id="")
    return Known(
        objects=dict(assets),
        uploads={upload_id for _, upload_id in uploads},
        folders={*sets, *(folder_of(object_key) for object_key, _ in uploads)},
        assemblies={
            *unsettled.values_list("assembly_id", flat=True),
            *abandoned.values_list("assembly_id", flat=True),
        },
    )


def remove(found: Findings, store: Store) -> Iterator[str]:
    """Free what nobody knows; the name of each thing as it goes. Raises StoreError."""
    for each in found.orphans:
        store.delete(each.object_key)
        yield each.object_key
    for upload in found.dead:
        store.abort(upload)
        yield upload.object_key
