"""A large object in ranges: a few at a time, each going on where it broke, and the whole checked."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from cattube_worker.storage.errors import StoreError
from cattube_worker.storage.s3.client import BucketCalls
from cattube_worker.storage.s3.file_sections import Section
from cattube_worker.storage.s3.multipart import Transfer

_BLOCK_BYTES = 2**18
_SHA256, _MD5 = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{32}")


class DamagedObject(StoreError):
    """The bytes that came are not those that were stored."""


def fetch_in_ranges(
    calls: BucketCalls, key: str, target: Path, *, head: Mapping[str, Any], transfer: Transfer
) -> None:
    """Write the object to `target`. head: what the service says about it.

    Raises botocore's errors, DamagedObject.
    """
    size_bytes: int = head["ContentLength"]
    step = transfer.part_bytes if size_bytes > transfer.threshold_bytes else max(size_bytes, 1)
    name, expected = _digest_of(head)
    digest = hashlib.new(name, usedforsecurity=False)
    with target.open("w+b") as file, ThreadPoolExecutor(transfer.threads, "range") as pool:
        file.truncate(size_bytes)
        sections = [
            Section(file, start, min(step, size_bytes - start)) for start in range(0, size_bytes, step)
        ]
        ranges = [_Range(calls, key, head["ETag"], section) for section in sections]
        # Read again from memory, mostly, while the next ones are on their way.
        for section, _ in zip(sections, pool.map(_Range.fetch, ranges), strict=True):
            section.add_to(digest)
    if expected and digest.hexdigest() != expected:
        raise DamagedObject("The bytes changed between the bucket and here.")


def _digest_of(head: Mapping[str, Any]) -> tuple[str, str]:
    """Kind and text of the best digest that is known of an object: our own, else the ETag where it is one.

    "" is no digest.
    """
    ours = head.get("Metadata", {}).get("sha256", "")
    if _SHA256.fullmatch(ours):
        return "sha256", ours
    # An ETag is no digest of an object that came in parts, nor of one encrypted with a key of its own.
    etag = head["ETag"].strip('"')
    is_digest = not head.get("SSEKMSKeyId") and not head.get("SSECustomerAlgorithm") and _MD5.fullmatch(etag)
    return "md5", etag if is_digest else ""


class _Range:
    """A section of one version of an object, on its way into an open file."""

    def __init__(self, calls: BucketCalls, key: str, etag: str, section: Section) -> None:
        self._calls, self._key, self._etag = calls, key, etag
        self._target, self._position = section.file.fileno(), section.start
        self._end = section.start + section.size_bytes

    def fetch(self) -> None:
        self._calls.repeat(self._fetch_rest)

    def _fetch_rest(self) -> None:
        """Go on where the last attempt ended."""
        while self._position < self._end:
            wanted = f"bytes={self._position}-{self._end - 1}"
            answer = self._calls.client.get_object(
                Bucket=self._calls.bucket.name, Key=self._key, Range=wanted, IfMatch=self._etag
            )
            with closing(answer["Body"]) as body:
                if answer["ContentLength"] != self._end - self._position:
                    raise StoreError("The bucket does not serve parts of objects.", retryable=False)
                while block := body.read(_BLOCK_BYTES):
                    os.pwrite(self._target, block, self._position)
                    self._position += len(block)
