"""Uploads straight to the bucket, from their first part to their last."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cattube.errors import InvalidFields, NotFound, SiteError
from cattube.processing.bucket.announcements import announce
from cattube.processing.bucket.upload_objects import content_type_of, new_object_key, part_bytes_for
from cattube.processing.lifecycle.transition import State
from cattube.processing.lifecycle.video_state import STATE_FIELDS, set_state
from cattube.processing.models import BucketUpload
from cattube.processing.transloadit.status.assembly_status import Phase
from cattube.processing.webhook import webhook_url
from cattube.storage import multipart
from cattube.storage.multipart import BytesMissing, Multipart, UploadedPart
from cattube.storage.store import video_store
from cattube.videos.models import Asset, Video
from cattube.videos.states import Status


class NotUploading(SiteError):
    code, status = "NOT_UPLOADING", 409

    def __init__(self, message: str = "The file of this video has arrived already.") -> None:
        super().__init__(message)


class PartsMissing(SiteError):
    code, status = "PARTS_MISSING", 409


class SizeNeeded(InvalidFields):
    def __init__(self) -> None:
        super().__init__("size_bytes: say how large the file is, more than 0 bytes.")


def is_enabled() -> bool:
    """True when new videos go straight to the bucket."""
    return bool(settings.UPLOAD_TO == "bucket")


def begin_upload(video: Video, *, site: str) -> BucketUpload:
    """New upload for the video's present attempt. Raises SizeNeeded, StoreError.

    site: our origin as the engine reaches it, or the reference of a queue.
    """
    if not video.size_bytes:
        raise SizeNeeded
    object_key = new_object_key(video.filename, folder=video.folder)
    begun = multipart.begin(object_key, content_type=content_type_of(video.filename))
    return BucketUpload.objects.create(
        video=video,
        attempt=video.attempt,
        object_key=object_key,
        upload_id=begun.upload_id,
        size_bytes=video.size_bytes,
        part_bytes=part_bytes_for(video.size_bytes),
        webhook=webhook_url(site, video_id=video.pk, attempt=video.attempt),
    )


def upload_of(video: Video) -> BucketUpload:
    """Upload of the video's present attempt. Raises NotUploading."""
    upload = BucketUpload.objects.filter(video=video, attempt=video.attempt).first()
    if upload is None:
        raise NotUploading("The file of this video does not go straight to the bucket.")
    return upload


def open_upload(video: Video) -> BucketUpload:
    """Upload of the video's present attempt, still waiting for bytes. Raises NotUploading."""
    upload = upload_of(video)
    if upload.completed_at is not None or video.status != Status.UPLOADING:
        raise NotUploading
    return upload


def part_link(upload: BucketUpload, number: int) -> tuple[str, int]:
    """URL for part `number`, from 1, and the bytes that the part has. Raises InvalidFields.

    A client that asks for a part has sent those before it, which is the progress that others see.
    """
    sent_bytes = (number - 1) * upload.part_bytes
    if not 0 <= sent_bytes < upload.size_bytes:
        raise InvalidFields("number: this file has no such part.")
    size_bytes = min(upload.part_bytes, upload.size_bytes - sent_bytes)
    percent = 100 * sent_bytes // upload.size_bytes
    arriving = Video.objects.filter(pk=upload.video_id, attempt=upload.attempt, status=Status.UPLOADING)
    arriving.filter(progress__lt=percent).update(progress=percent)
    return _multipart(upload).part_url(number, size_bytes=size_bytes), size_bytes


def stored_parts(upload: BucketUpload) -> list[UploadedPart]:
    """Parts that need not be sent again. Raises StoreError."""
    return _multipart(upload).parts()


def complete_upload(upload: BucketUpload) -> None:
    """Make the object of its parts, and announce it to the engine. A second call changes nothing.

    Raises PartsMissing, NotFound when the video was deleted meanwhile, StoreError.
    """
    if upload.completed_at is not None:
        return
    try:
        _multipart(upload).complete(size_bytes=upload.size_bytes)
    except BytesMissing as error:
        raise PartsMissing(f"Not all of the {upload.size_bytes} bytes are there. Send the rest.") from error
    if not _record_completion(upload):
        video_store().delete(upload.object_key)
        raise NotFound
    announce(upload)


def _record_completion(upload: BucketUpload) -> bool:
    """Record that all bytes are there; False when the attempt was abandoned."""
    now = timezone.now()
    with transaction.atomic():
        video = Video.objects.select_for_update().filter(pk=upload.video_id, attempt=upload.attempt).first()
        if video is None:
            return False
        if not BucketUpload.objects.filter(pk=upload.pk, completed_at=None).update(
            completed_at=now, due_at=now
        ):
            return True
        if video.status == Status.UPLOADING:
            set_state(video, State(status=Status.PROCESSING, phase=Phase.QUEUED.value))
            video.assembly_id = ""  # whatever a browser may have claimed: there is none yet
            video.save(update_fields=[*STATE_FIELDS, "assembly_id"])
        Asset.objects.create(
            video=video,
            role=Asset.Role.ORIGINAL,
            object_key=upload.object_key,
            content_type=content_type_of(video.filename),
            size_bytes=upload.size_bytes,
        )
    return True


def _multipart(upload: BucketUpload) -> Multipart:
    return Multipart(upload.object_key, upload.upload_id)
