"""Fetch of a large object in ranges: a few at a time, each resumed where it broke, and the whole checked."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from cattube_worker.disk_room import DiskRoom
from cattube_worker.storage.errors import DamagedObject, StoreError
from cattube_worker.storage.s3.client import BucketCalls
from cattube_worker.storage.s3.file_sections import FileSection, split
from cattube_worker.storage.s3.transfer_config import TransferConfig

_BLOCK_BYTES = 2**18
_SHA256, _MD5 = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{32}")


def fetch_in_ranges(
    calls: BucketCalls,
    key: str,
    target: Path,
    *,
    head: Mapping[str, Any],
    transfer: TransferConfig,
    room: DiskRoom | None = None,
) -> None:
    """Write the object to `target`, as far as there is room.

    head: response of the service to a HEAD of the object. Raises botocore's errors, DamagedObject, DiskFull.
    """
    size_bytes: int = head["ContentLength"]
    range_bytes = transfer.part_bytes if size_bytes > transfer.threshold_bytes else max(size_bytes, 1)
    algorithm, expected = _digest_of(head)
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with target.open("w+b") as file, ThreadPoolExecutor(transfer.threads, "range") as pool:
        file.truncate(size_bytes)
        sections = split(file, size_bytes, range_bytes)
        fetches = [_RangeFetch(calls, key, head["ETag"], section, room) for section in sections]
        # Read again from memory, mostly, while the next ones are on their way.
        for section, _ in zip(sections, pool.map(_RangeFetch.run, fetches), strict=True):
            section.add_to(digest)
    if expected and digest.hexdigest() != expected:
        raise DamagedObject("The bytes changed between the bucket and here.")


def _digest_of(head: Mapping[str, Any]) -> tuple[str, str]:
    """Algorithm and hex digits of the best digest known of an object: ours, else the ETag if it is one.

    No digits: none is known.
    """
    own_digest = head.get("Metadata", {}).get("sha256", "")
    if _SHA256.fullmatch(own_digest):
        return "sha256", own_digest
    # An ETag is no digest of an object that came in parts, nor of one encrypted with a key of its own.
    etag = head["ETag"].strip('"')
    is_digest = not head.get("SSEKMSKeyId") and not head.get("SSECustomerAlgorithm") and _MD5.fullmatch(etag)
    return "md5", etag if is_digest else ""


class _RangeFetch:
    """Fetch of one section of one version of an object into an open file."""

    def __init__(
        self, calls: BucketCalls, key: str, etag: str, section: FileSection, room: DiskRoom | None
    ) -> None:
        self._calls, self._key, self._etag, self._room = calls, key, etag, room
        self._descriptor, self._position, self._end = section.file.fileno(), section.start, section.end

    def run(self) -> None:
        self._calls.repeat(self._fetch_rest)

    def _fetch_rest(self) -> None:
        """Go on where the last attempt ended."""
        while self._position < self._end:
            byte_range = f"bytes={self._position}-{self._end - 1}"
            response = self._calls.client.get_object(
                Bucket=self._calls.bucket.name, Key=self._key, Range=byte_range, IfMatch=self._etag
            )
            with closing(response["Body"]) as body:
                if response["ContentLength"] != self._end - self._position:
                    raise StoreError("The bucket does not serve parts of objects.", retryable=False)
                while block := body.read(_BLOCK_BYTES):
                    os.pwrite(self._descriptor, block, self._position)
                    self._position += len(block)
                    if self._room is not None:
                        self._room.note_written(len(block))
