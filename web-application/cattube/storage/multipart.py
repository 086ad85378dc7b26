"""Multipart uploads to the private bucket, which a client sends with presigned requests of ours."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from cattube.storage.objects import ObjectMissing, StoreError
from cattube.storage.s3_client import bucket_account, s3_client
from cattube.storage.s3_errors import store_errors

# Long enough for one part on a slow line; the next one is signed when its turn comes.
PART_LINK_LIFETIME = timedelta(hours=1)


class BytesMissing(StoreError):
    """Not all bytes of the object have arrived yet."""


@dataclass(frozen=True)
class UploadedPart:
    """One part that the bucket has. number: from 1. etag: in quotes, as the bucket wrote it."""

    number: int
    etag: str
    size_bytes: int


@dataclass(frozen=True)
class Multipart:
    """Multipart upload of one object. upload_id: the bucket's name for it."""

    object_key: str
    upload_id: str

    def part_url(self, number: int, *, size_bytes: int) -> str:
        """URL that takes part `number`, from 1, by PUT: exactly so many bytes, for an hour."""
        url = _client().generate_presigned_url(
            "upload_part",
            Params={**self._names(), "PartNumber": number, "ContentLength": size_bytes},
            ExpiresIn=int(PART_LINK_LIFETIME.total_seconds()),
        )
        return str(url)

    def parts(self) -> list[UploadedPart]:
        """Parts that the bucket has, in order. Raises StoreError."""
        with store_errors(self.object_key):
            pages = _client().get_paginator("list_parts").paginate(**self._names())
            entries = [entry for page in pages for entry in page.get("Parts", ())]
        return [UploadedPart(entry["PartNumber"], entry["ETag"], entry["Size"]) for entry in entries]

    def complete(self, *, size_bytes: int) -> None:
        """Make the object of its parts. A second call changes nothing.

        Raises BytesMissing unless the parts are `size_bytes` together, StoreError.
        """
        with store_errors(self.object_key):
            if size_of(self.object_key) is None:
                self._join(size_bytes)
            if size_of(self.object_key) != size_bytes:
                raise BytesMissing(self.object_key)

    def _join(self, size_bytes: int) -> None:
        parts = self.parts()
        if sum(part.size_bytes for part in parts) != size_bytes:
            raise BytesMissing(self.object_key)
        entries = [{"PartNumber": part.number, "ETag": part.etag} for part in parts]
        _client().complete_multipart_upload(**self._names(), MultipartUpload={"Parts": entries})

    def _names(self) -> dict[str, Any]:
        return {**_object(self.object_key), "UploadId": self.upload_id}


def begin(object_key: str, *, content_type: str) -> Multipart:
    """Create a multipart upload at the bucket. Raises StoreError."""
    with store_errors(object_key):
        answer = _client().create_multipart_upload(**_object(object_key), ContentType=content_type)
    return Multipart(object_key, answer["UploadId"])


def size_of(object_key: str) -> int | None:
    """Size of the object in bytes; None when there is none. Raises StoreError."""
    try:
        with store_errors(object_key):
            return int(_client().head_object(**_object(object_key))["ContentLength"])
    except ObjectMissing:
        return None


def _client() -> Any:
    return s3_client(bucket_account())


def _object(object_key: str) -> dict[str, str]:
    return {"Bucket": settings.AWS_PRIVATE_BUCKET_NAME, "Key": object_key}
