"""The MD5 of uploads, taken while they arrive.

Of a large file it takes seconds afterwards, in which somebody waits: two for each gigabyte, more where the
file no longer is in memory. All that is known here may be lost without harm; the file is read again then.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BLOCK_BYTES = 2**20
# What comes faster is there before long, and leaves the processors to receiving it.
FAST_BYTES_PER_SECOND = 64e6
YOUNG_SECONDS = 2.0


def _md5() -> Any:
    return hashlib.md5(usedforsecurity=False)


@dataclass
class _Digest:
    """That of the first `position` bytes. settled_bytes: those that no writer takes back any more.

    writing_since, writing_from: of the request that adds to the file at the moment.
    """

    path: Path
    settled_bytes: int
    position: int = 0
    md5: Any = field(default_factory=_md5)
    lock: threading.Lock = field(default_factory=threading.Lock)
    writing_since: float | None = None
    writing_from: int = 0

    def read_block(self, end: int) -> bool:
        """Take in some of what is there before `end`; whether there may be more. Raises OSError."""
        with self.lock, self.path.open("rb", buffering=0) as file:
            file.seek(self.position)
            block = file.read(max(0, min(BLOCK_BYTES, end - self.position)))
            self.md5.update(block)
            self.position += len(block)
            return bool(block)

    def end_writing(self) -> bool:
        """Whether the digest is still that of bytes in the file: a wrong checksum takes some of them back."""
        self.writing_since = None
        try:
            self.settled_bytes = self.path.stat().st_size
        except FileNotFoundError:
            return False
        return self.position <= self.settled_bytes


class Digests:
    """Those of the uploads that this process receives."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._digests: dict[str, _Digest] = {}

    @contextmanager
    def following(self, upload_id: str, path: Path, *, offset: int) -> Iterator[None]:
        """While the block, and nobody else, adds to the file, which has `offset` bytes so far."""
        digest = self._of(upload_id, path, offset)
        digest.writing_since, digest.writing_from = time.monotonic(), offset
        try:
            yield
        finally:
            with digest.lock:
                if not digest.end_writing():
                    self._drop(upload_id, digest)

    def read_on(self) -> None:
        """Take in what has come of the uploads that take their time."""
        with self._lock:
            digests = list(self._digests.items())
        for upload_id, digest in digests:
            if not digest.path.exists():
                self._drop(upload_id, digest)
            # A file that has just gone, or cannot be read: whoever asks for the digest will be told.
            with suppress(OSError):
                while _may_be_read(digest) and digest.read_block(end=digest.path.stat().st_size):
                    pass

    def take(self, upload_id: str, path: Path) -> str:
        """The MD5 of the whole upload in hexadecimal, with what is not yet known read now. Raises OSError."""
        with self._lock:
            digest = self._digests.pop(upload_id, None)
        if digest is None:
            digest = _Digest(path, settled_bytes=0)
        while digest.read_block(end=path.stat().st_size):
            pass
        return str(digest.md5.hexdigest())

    def _of(self, upload_id: str, path: Path, offset: int) -> _Digest:
        with self._lock:
            digest = self._digests.get(upload_id)
            if digest is None or digest.settled_bytes != offset:
                # Unknown, or another process has written meanwhile: those bytes are settled, and read first.
                digest = self._digests[upload_id] = _Digest(path, settled_bytes=offset)
            return digest

    def _drop(self, upload_id: str, digest: _Digest) -> None:
        with self._lock:
            if self._digests.get(upload_id) is digest:
                del self._digests[upload_id]


def _may_be_read(digest: _Digest) -> bool:
    """Whether its bytes have come slowly, or are settled."""
    if digest.writing_since is None:
        return digest.position < digest.settled_bytes
    seconds = time.monotonic() - digest.writing_since
    came = digest.path.stat().st_size - digest.writing_from
    return seconds > YOUNG_SECONDS and came / seconds < FAST_BYTES_PER_SECOND
