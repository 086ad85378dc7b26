"""A file that grows while it is read; reading waits for bytes that are not here yet."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Self

BLOCK_BYTES = 256 * 1024
# Asking the system for a file's size costs a microsecond, and works whichever process receives the bytes.
_POLL_SECONDS = 0.03


class NotStreamable(Exception):
    """The upload is not going to be encoded while it arrives; afterwards it is, like any other."""


class Stalled(NotStreamable):
    """Nothing came for too long. The upload may go on later."""


class GrowingFile:
    """The bytes of an upload; reading waits for those that are not here yet.

    size_bytes: of the whole upload. stall_seconds: how long to wait for the next byte. stop: ends any wait.
    """

    def __init__(self, path: Path, *, size_bytes: int, stall_seconds: float, stop: Event) -> None:
        self._file = path.open("rb", buffering=0)
        self.size_bytes, self._stall_seconds, self._stop = size_bytes, stall_seconds, stop
        self._opened_at, self._opened_bytes = time.monotonic(), os.fstat(self._file.fileno()).st_size

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def read(self, start: int, count: int) -> bytes:
        """All `count` bytes from `start` on, waiting for them. Raises NotStreamable, Stalled."""
        if start + count > self.size_bytes:
            raise NotStreamable("it points behind its own end")
        self._wait_for(start + count)
        block = os.pread(self._file.fileno(), count, start)
        if len(block) < count:  # cut back in this moment: a checksum was wrong
            raise NotStreamable("bytes that were here were taken back")
        return block

    def blocks(self) -> Iterator[tuple[int, bytes]]:
        """The whole upload in order, as (start, bytes); a block comes as soon as its bytes are here."""
        start = 0
        while start < self.size_bytes:
            here = self._wait_for(start + 1)
            block = self.read(start, min(here, start + BLOCK_BYTES) - start)
            yield start, block
            start += len(block)

    def seconds_left(self) -> float:
        """The time until it is whole, at the rate at which it has grown since it was opened."""
        here, seconds = self._here(), time.monotonic() - self._opened_at
        left_bytes, new_bytes = self.size_bytes - here, here - self._opened_bytes
        if not left_bytes:
            return 0
        return left_bytes * seconds / new_bytes if new_bytes else math.inf

    def _wait_for(self, end: int) -> int:
        """The number of bytes that are here once there are at least `end`."""
        last_size, changed_at = -1, 0.0
        while (here := self._here()) < end:
            now = time.monotonic()
            if here != last_size:
                last_size, changed_at = here, now
            if now - changed_at > self._stall_seconds:
                raise Stalled(f"nothing came for {self._stall_seconds:g} seconds")
            if self._stop.wait(_POLL_SECONDS):
                raise NotStreamable("it was told to stop")
        return here

    def _here(self) -> int:
        facts = os.fstat(self._file.fileno())
        if not facts.st_nlink:
            raise NotStreamable("the upload was given up")
        return min(facts.st_size, self.size_bytes)
