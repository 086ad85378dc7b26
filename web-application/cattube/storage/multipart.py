"""Objects that somebody else sends to the private bucket part by part, with presigned requests of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from cattube.storage.objects import StoreError
from cattube.storage.s3_client import account, connect
from cattube.storage.s3_store import MISSING, code_of

# Long enough for one part on a slow line; the next one is signed when its turn comes.
LINK_LIFETIME = timedelta(hours=1)


class BytesMissing(StoreError):
    """Not all bytes of the object have arrived yet."""


@dataclass(frozen=True)
class Part:
    """One part that the bucket has. number: from 1. etag: in quotes, as the bucket wrote it."""

    number: int
    etag: str
    size_bytes: int


@dataclass(frozen=True)
class Multipart:
    """One object on its way into the bucket. upload_id: what the bucket calls the attempt."""

    object_key: str
    upload_id: str

    def part_url(self, number: int, *, size_bytes: int) -> str:
        """A URL that takes part `number`, from 1, by PUT: exactly so many bytes, for an hour."""
        url = _client().generate_presigned_url(
            "upload_part",
            Params={**self._names(), "PartNumber": number, "ContentLength": size_bytes},
            ExpiresIn=int(LINK_LIFETIME.total_seconds()),
        )
        return str(url)

    def parts(self) -> list[Part]:
        """What is there already, in order. Raises StoreError."""
        with _errors(self.object_key):
            pages = _client().get_paginator("list_parts").paginate(**self._names())
            found = [each for page in pages for each in page.get("Parts", ())]
        return [Part(each["PartNumber"], each["ETag"], each["Size"]) for each in found]

    def complete(self, *, size_bytes: int) -> None:
        """Make the object of its parts. Twice is the same as once.

        Raises BytesMissing unless the parts are `size_bytes` together, StoreError.
        """
        with _errors(self.object_key):
            if size_of(self.object_key) is None:
                self._join(size_bytes)
            if size_of(self.object_key) != size_bytes:
                raise BytesMissing(self.object_key)

    def _join(self, size_bytes: int) -> None:
        parts = self.parts()
        if sum(part.size_bytes for part in parts) != size_bytes:
            raise BytesMissing(self.object_key)
        named = [{"PartNumber": part.number, "ETag": part.etag} for part in parts]
        _client().complete_multipart_upload(**self._names(), MultipartUpload={"Parts": named})

    def _names(self) -> dict[str, Any]:
        return {**_object(self.object_key), "UploadId": self.upload_id}


def begin(object_key: str, *, content_type: str) -> Multipart:
    """Announce an object to the bucket. Raises StoreError."""
    with _errors(object_key):
        made = _client().create_multipart_upload(**_object(object_key), ContentType=content_type)
    return Multipart(object_key, made["UploadId"])


def size_of(object_key: str) -> int | None:
    """The bytes of the object; None when there is none. Raises StoreError."""
    with _errors(object_key):
        try:
            return int(_client().head_object(**_object(object_key))["ContentLength"])
        except _client().exceptions.ClientError as error:
            if code_of(error) in MISSING:
                return None
            raise


def _client() -> Any:
    return connect(account())


def _object(object_key: str) -> dict[str, str]:
    return {"Bucket": settings.AWS_PRIVATE_BUCKET_NAME, "Key": object_key}


@contextmanager
def _errors(object_key: str) -> Iterator[None]:
    """Whatever boto3 raises, as StoreError: the key and what the bucket said."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StoreError(f"{object_key}: {code_of(error) or type(error).__name__}") from error
