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

from cattube_worker.stores import StoreError
from cattube_worker.stores.multipart import Transfer
from cattube_worker.stores.s3_client import BucketCalls

_BLOCK_BYTES = 2**18
_HASHES = {"sha256": re.compile(r"[0-9a-f]{64}"), "md5": re.compile(r"[0-9a-f]{32}")}


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
    with target.open("wb") as file, ThreadPoolExecutor(transfer.threads, "range") as pool:
        file.truncate(size_bytes)
        starts = range(0, size_bytes, step)
        ranges = [
            _Range(calls, key, head["ETag"], file.fileno(), start, min(start + step, size_bytes))
            for start in starts
        ]
        list(pool.map(_Range.fetch, ranges))
    check(target, head)


def check(path: Path, head: Mapping[str, Any]) -> None:
    """Compare a file with what is known about the object it came from. Raises DamagedObject."""
    for name, expected in _digests(head).items():
        with path.open("rb") as file:
            if hashlib.file_digest(file, name).hexdigest() != expected:
                raise DamagedObject("The bytes changed between the bucket and here.")


def _digests(head: Mapping[str, Any]) -> dict[str, str]:
    """The best digest that is known of an object: our own, else the ETag where it is one."""
    told = {"sha256": head.get("Metadata", {}).get("sha256", "")}
    # An ETag is no digest of an object that came in parts, nor of one encrypted with a key of its own.
    if not head.get("SSEKMSKeyId") and not head.get("SSECustomerAlgorithm"):
        told["md5"] = head["ETag"].strip('"')
    known = {name: digest for name, digest in told.items() if _HASHES[name].fullmatch(digest)}
    return dict(list(known.items())[:1])


class _Range:
    """Bytes `start` to `end` of one version of an object, on their way into an open file."""

    def __init__(self, calls: BucketCalls, key: str, etag: str, target: int, start: int, end: int) -> None:
        self._calls, self._key, self._etag = calls, key, etag
        self._target, self._position, self._end = target, start, end

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
