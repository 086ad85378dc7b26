"""A large file in parts: a few at a time, each checked, and what is there is not sent again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from cattube_worker.storage.s3.client import BucketCalls
from cattube_worker.storage.s3.file_sections import Section, content_md5
from cattube_worker.storage.s3.service_errors import is_passing

MIB = 2**20
# The limits of S3 and of B2.
MOST_PARTS = 10_000
SMALLEST_PART_BYTES, LARGEST_PART_BYTES = 5 * MIB, 5 * 2**30


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """threshold_bytes: files above it go in parts. part_bytes: of each, as long as 10,000 are enough.

    threads: parts on their way at the same time.
    """

    threshold_bytes: int = 64 * MIB
    part_bytes: int = 32 * MIB
    threads: int = 4

    def part_bytes_for(self, size_bytes: int) -> int:
        """The size of every part but the last, in whole MiB."""
        needed = -(-size_bytes // (MOST_PARTS * MIB)) * MIB
        return max(self.part_bytes, needed)


@dataclass(frozen=True)
class Part:
    """number: from 1. etag: what the service is to call it. is_there: it was sent before."""

    number: int
    section: Section
    md5: bytes

    @property
    def etag(self) -> str:
        return f'"{self.md5.hex()}"'


def put_in_parts(
    calls: BucketCalls,
    key: str,
    file: BinaryIO,
    *,
    size_bytes: int,
    arguments: Mapping[str, Any],
    transfer: Transfer,
) -> None:
    """Store the open `file` under `key`. arguments: of the object, as boto3 calls them.

    After a failure that may pass the parts stay, and the next attempt at the same bytes goes on with them.
    Raises botocore's errors.
    """
    with ThreadPoolExecutor(transfer.threads, "part") as pool:
        parts = list(pool.map(_part, *_numbered(file, size_bytes, transfer)))
        upload_id, etags = _unfinished(calls, key, parts) or (_begin(calls, key, arguments), {})
        try:
            missing = [part for part in parts if part.number not in etags]
            etags |= _send(pool, calls, key, upload_id, missing)
            _finish(calls, key, upload_id, etags)
        except Exception as error:
            if not is_passing(error):
                abort(calls, key, upload_id)
            raise


def abort(calls: BucketCalls, key: str, upload_id: str) -> None:
    """Free the parts of an upload; one that is gone is fine, and one that stays is swept later."""
    from botocore.exceptions import BotoCoreError, ClientError

    with suppress(ClientError, BotoCoreError):
        calls("abort_multipart_upload", Key=key, UploadId=upload_id)


def unfinished(calls: BucketCalls, prefix: str) -> Iterator[tuple[str, str, datetime]]:
    """Key, id and beginning of the uploads under a prefix that were neither finished nor aborted."""
    marker: dict[str, str] = {}
    while True:
        listed = calls("list_multipart_uploads", Prefix=prefix, **marker)
        for upload in listed.get("Uploads", ()):
            yield upload["Key"], upload["UploadId"], upload["Initiated"]
        if not listed.get("IsTruncated"):
            return
        marker = {"KeyMarker": listed["NextKeyMarker"], "UploadIdMarker": listed["NextUploadIdMarker"]}


def _numbered(file: BinaryIO, size_bytes: int, transfer: Transfer) -> tuple[Sequence[int], Sequence[Section]]:
    step = transfer.part_bytes_for(size_bytes)
    starts = range(0, size_bytes, step)
    sections = [Section(file, start, min(step, size_bytes - start)) for start in starts]
    return range(1, len(sections) + 1), sections


def _part(number: int, section: Section) -> Part:
    return Part(number, section, section.md5())


def _unfinished(calls: BucketCalls, key: str, parts: Sequence[Part]) -> tuple[str, dict[int, str]] | None:
    """The upload that an attempt at these very parts left, and what is there of it by number."""
    for name, upload_id, _ in unfinished(calls, key):
        if name == key and (there := _listed(calls, key, upload_id)):
            ours = {part.number: (part.etag, part.section.size_bytes) for part in parts}
            if all(ours.get(number) == found for number, found in there.items()):
                return upload_id, {number: etag for number, (etag, _) in there.items()}
    return None


def _listed(calls: BucketCalls, key: str, upload_id: str) -> dict[int, tuple[str, int]]:
    """ETag and size of the parts that an upload has, by number."""
    found: dict[int, tuple[str, int]] = {}
    while True:
        marker = {"PartNumberMarker": max(found)} if found else {}
        listed = calls("list_parts", Key=key, UploadId=upload_id, **marker)
        for part in listed.get("Parts", ()):
            found[part["PartNumber"]] = f'"{part["ETag"].strip(chr(34))}"', part["Size"]
        if not listed.get("IsTruncated"):
            return found


def _begin(calls: BucketCalls, key: str, arguments: Mapping[str, Any]) -> str:
    return str(calls("create_multipart_upload", Key=key, **arguments)["UploadId"])


def _send(
    pool: ThreadPoolExecutor, calls: BucketCalls, key: str, upload_id: str, parts: Sequence[Part]
) -> dict[int, str]:
    """The service's ETags of the parts by number. The first failure ends what has not begun."""

    def send(part: Part) -> str:
        answer = calls.send(
            "upload_part",
            part.section.open,
            Key=key,
            UploadId=upload_id,
            PartNumber=part.number,
            ContentMD5=content_md5(part.md5),
        )
        return str(answer["ETag"])

    futures = {part.number: pool.submit(send, part) for part in parts}
    _, waiting = wait(futures.values(), return_when=FIRST_EXCEPTION)
    for future in waiting:
        future.cancel()
    return {number: future.result() for number, future in futures.items() if not future.cancelled()}


def _finish(calls: BucketCalls, key: str, upload_id: str, etags: Mapping[int, str]) -> None:
    parts = [{"PartNumber": number, "ETag": etag} for number, etag in sorted(etags.items())]
    calls.write("complete_multipart_upload", Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts})
