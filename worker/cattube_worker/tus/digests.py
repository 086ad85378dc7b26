"""MD5 digests of uploads, computed while the bytes arrive.

Afterwards the digest of a large file takes seconds for which a client waits: two for each gigabyte, more
when the file is no longer in memory. What is held here may be lost without harm: the file is read again.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BLOCK_BYTES = 2**20
# Uploads that come faster, all together, are complete before long, and receiving them needs the processors.
FAST_BYTES_PER_SECOND = 64e6
SETTLING_SECONDS = 2.0


def _md5() -> Any:
    return hashlib.md5(usedforsecurity=False)


@dataclass
class _Digest:
    """Digest of the first `position` bytes of a file.

    settled_bytes: those that no request truncates any more. writing_since, writing_from: time and offset at
    which the request that appends to the file began.
    """

    path: Path
    settled_bytes: int
    position: int = 0
    md5: Any = field(default_factory=_md5)
    lock: threading.Lock = field(default_factory=threading.Lock)
    writing_since: float | None = None
    writing_from: int = 0

    def read_block(self, end: int) -> bool:
        """Add a block of the bytes before `end`; tell if there may be more. Raises OSError."""
        with self.lock, self.path.open("rb", buffering=0) as file:
            file.seek(self.position)
            block = file.read(max(0, min(BLOCK_BYTES, end - self.position)))
            self.md5.update(block)
            self.position += len(block)
            return bool(block)

    def bytes_per_second(self, now: float) -> float:
        """Rate at which the request that appends to the file is received; 0 without one."""
        since = self.writing_since
        if since is None or now <= since:
            return 0.0
        with suppress(FileNotFoundError):
            return (self.path.stat().st_size - self.writing_from) / (now - since)
        return 0.0

    def end_writing(self) -> bool:
        """Tell if the digest is still one of bytes in the file, of which a wrong checksum removes some."""
        self.writing_since = None
        try:
            self.settled_bytes = self.path.stat().st_size
        except FileNotFoundError:
            return False
        return self.position <= self.settled_bytes


class Digests:
    """Digests of the uploads that this process receives. now: seconds on a clock that is never set."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._digests: dict[str, _Digest] = {}

    @contextmanager
    def following(self, upload_id: str, path: Path, *, offset: int) -> Iterator[None]:
        """Follow the file while the block alone appends to it. offset: its size so far."""
        digest = self._of(upload_id, path, offset)
        digest.writing_since, digest.writing_from = self._now(), offset
        try:
            yield
        finally:
            with digest.lock:
                if not digest.end_writing():
                    self._drop(upload_id, digest)

    def read_on(self) -> None:
        """Add the bytes that came since the last call, of slow uploads."""
        with self._lock:
            digests = list(self._digests.items())
        for upload_id, digest in digests:
            if not digest.path.exists():
                self._drop(upload_id, digest)
            # A file that is gone or cannot be read is an error in `take`, not here.
            with suppress(OSError):
                while self._is_due(digest) and digest.read_block(end=digest.path.stat().st_size):
                    pass

    def take(self, upload_id: str, path: Path) -> str:
        """MD5 of the whole upload in hexadecimal; the bytes not yet added are read now. Raises OSError."""
        with self._lock:
            digest = self._digests.pop(upload_id, None)
        if digest is None:
            digest = _Digest(path, settled_bytes=0)
        while digest.read_block(end=path.stat().st_size):
            pass
        return str(digest.md5.hexdigest())

    def _is_due(self, digest: _Digest) -> bool:
        """Tell if its bytes are settled, or arrive while all uploads together are slow."""
        if digest.writing_since is None:
            return digest.position < digest.settled_bytes
        now = self._now()
        if now - digest.writing_since <= SETTLING_SECONDS:
            return False
        with self._lock:
            digests = list(self._digests.values())
        return sum(digest.bytes_per_second(now) for digest in digests) < FAST_BYTES_PER_SECOND

    def _of(self, upload_id: str, path: Path, offset: int) -> _Digest:
        with self._lock:
            digest = self._digests.get(upload_id)
            if digest is None or digest.settled_bytes != offset:
                # No digest, or another process appended since: those bytes are settled, and read first.
                digest = self._digests[upload_id] = _Digest(path, settled_bytes=offset)
            return digest

    def _drop(self, upload_id: str, digest: _Digest) -> None:
        with self._lock:
            if self._digests.get(upload_id) is digest:
                del self._digests[upload_id]
