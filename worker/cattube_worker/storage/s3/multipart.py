"""Multipart upload of a large file: a few parts at a time, each checked, none sent twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from cattube_worker.storage.s3.client import BucketCalls
from cattube_worker.storage.s3.file_sections import FileSection, content_md5, split
from cattube_worker.storage.s3.service_errors import is_transient
from cattube_worker.storage.s3.transfer_config import TransferConfig


@dataclass(frozen=True)
class UploadPart:
    """A part of the upload. number: from 1."""

    number: int
    section: FileSection
    md5: bytes

    @property
    def etag(self) -> str:
        """ETag that the service gives it."""
        return f'"{self.md5.hex()}"'


@dataclass(frozen=True, kw_only=True)
class UnfinishedUpload:
    """An upload that was neither finished nor aborted."""

    key: str
    upload_id: str
    begun_at: datetime


def upload_in_parts(
    calls: BucketCalls,
    key: str,
    file: BinaryIO,
    *,
    size_bytes: int,
    arguments: Mapping[str, Any],
    transfer: TransferConfig,
) -> None:
    """Store the open `file` under `key`. arguments: of the object, as boto3 calls them.

    After a transient failure the parts stay, and the next attempt at the same bytes goes on with them.
    Raises botocore's errors.
    """
    sections = split(file, size_bytes, transfer.part_bytes_for(size_bytes))
    with ThreadPoolExecutor(transfer.threads, "part") as pool:
        parts = list(pool.map(_digested, range(1, len(sections) + 1), sections))
        upload_id, etags = _resumable(calls, key, parts) or (create(calls, key, arguments), {})
        try:
            missing = [part for part in parts if part.number not in etags]
            etags |= _send(pool, calls, key, upload_id, missing)
            complete(calls, key, upload_id, etags)
        except Exception as error:
            if not is_transient(error):
                abort(calls, key, upload_id)
            raise


def abort(calls: BucketCalls, key: str, upload_id: str) -> None:
    """Free the parts of an upload; one that is gone is fine, and one that stays is swept later."""
    from botocore.exceptions import BotoCoreError, ClientError

    with suppress(ClientError, BotoCoreError):
        calls("abort_multipart_upload", Key=key, UploadId=upload_id)


def abort_uploads(calls: BucketCalls, prefix: str, *, is_key: bool) -> None:
    """Free the parts of all unfinished uploads to a key, or under a prefix. Raises botocore's errors."""
    for upload in unfinished(calls, prefix):
        if upload.key == prefix or not is_key:
            abort(calls, upload.key, upload.upload_id)


def unfinished(calls: BucketCalls, prefix: str) -> Iterator[UnfinishedUpload]:
    """Unfinished uploads under a prefix."""
    marker: dict[str, str] = {}
    while True:
        page = calls("list_multipart_uploads", Prefix=prefix, **marker)
        for upload in page.get("Uploads", ()):
            yield UnfinishedUpload(
                key=upload["Key"], upload_id=upload["UploadId"], begun_at=upload["Initiated"]
            )
        if not page.get("IsTruncated"):
            return
        marker = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}


def _digested(number: int, section: FileSection) -> UploadPart:
    return UploadPart(number, section, section.md5())


def _resumable(
    calls: BucketCalls, key: str, parts: Sequence[UploadPart]
) -> tuple[str, dict[int, str]] | None:
    """Id of the upload that an attempt at these very parts left, and the ETags of those it has by number."""
    for upload in unfinished(calls, key):
        if upload.key == key and (stored := _stored_parts(calls, key, upload.upload_id)):
            expected = {part.number: (part.etag, part.section.size_bytes) for part in parts}
            if all(expected.get(number) == part for number, part in stored.items()):
                return upload.upload_id, {number: etag for number, (etag, _) in stored.items()}
    return None


def _stored_parts(calls: BucketCalls, key: str, upload_id: str) -> dict[int, tuple[str, int]]:
    """ETag and size of the parts that an upload has, by number."""
    stored: dict[int, tuple[str, int]] = {}
    while True:
        marker = {"PartNumberMarker": max(stored)} if stored else {}
        page = calls("list_parts", Key=key, UploadId=upload_id, **marker)
        for part in page.get("Parts", ()):
            stored[part["PartNumber"]] = f'"{part["ETag"].strip(chr(34))}"', part["Size"]
        if not page.get("IsTruncated"):
            return stored


def create(calls: BucketCalls, key: str, arguments: Mapping[str, Any]) -> str:
    """Id of a new upload. arguments: of the object, as boto3 calls them. Raises botocore's errors."""
    return str(calls("create_multipart_upload", Key=key, **arguments)["UploadId"])


def _send(
    pool: ThreadPoolExecutor, calls: BucketCalls, key: str, upload_id: str, parts: Sequence[UploadPart]
) -> dict[int, str]:
    """Send the parts; their ETags by number. The first failure cancels what has not begun."""

    def send(part: UploadPart) -> str:
        response = calls.send(
            "upload_part",
            part.section.open,
            Key=key,
            UploadId=upload_id,
            PartNumber=part.number,
            ContentMD5=content_md5(part.md5),
        )
        return str(response["ETag"])

    futures = {part.number: pool.submit(send, part) for part in parts}
    _, waiting = wait(futures.values(), return_when=FIRST_EXCEPTION)
    for future in waiting:
        future.cancel()
    return {number: future.result() for number, future in futures.items() if not future.cancelled()}


def complete(calls: BucketCalls, key: str, upload_id: str, etags: Mapping[int, str]) -> None:
    """Make the object of its parts. etags: of the parts by number. Raises botocore's errors."""
    parts = [{"PartNumber": number, "ETag": etag} for number, etag in sorted(etags.items())]
    calls.write("complete_multipart_upload", Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts})
