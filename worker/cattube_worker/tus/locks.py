"""Locks of uploads: one writer at a time.

A client that lost its connection sends HEAD while its dead request may still hold the lock, until the
network notices. So HEAD and DELETE interrupt the holder, and the bytes it received stay. A PATCH interrupts
a holder from which no byte has come for a while. Else it only waits, and is refused when that takes too long.

A sender that is far slower than any line is cut off, whether others wait or not: it loses nothing, for its
client goes on with the next request, and a rule that depended on others could not be foreseen by anybody.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cattube_worker.transfer_rate import TransferRate
from cattube_worker.tus.protocol import UploadLocked

WAIT_FOR_INTERRUPTED_SECONDS = 20.0
WAIT_FOR_WRITER_SECONDS = 2.0


class WriteLock:
    """Lock on one upload: the right to append to it, until it is interrupted."""

    def __init__(self) -> None:
        self.is_interrupted = False
        self._received_at = time.monotonic()
        self._rate: TransferRate | None = None
        self._wake: Callable[[], None] = _do_nothing

    @contextmanager
    def receiving(self, wake: Callable[[], None]) -> Iterator[TransferRate]:
        """The rate of what its holder receives in the block, who counts the bytes.

        wake: ends a read that blocks. It is called when the lock is interrupted, or the sender too slow.
        """
        self._rate, self._wake = TransferRate(now=time.monotonic()), wake
        try:
            yield self._rate
        finally:
            self._rate, self._wake = None, _do_nothing

    @property
    def silent_seconds(self) -> float:
        """Seconds since the last bytes."""
        return time.monotonic() - self._received_at

    def note_bytes(self) -> None:
        """Note that bytes came."""
        self._received_at = time.monotonic()

    def interrupt(self) -> None:
        self.is_interrupted = True
        self._wake()

    def cut_if_slow(self, bytes_per_second: float, *, window_seconds: float, now: float) -> None:
        """Have a holder that receives less keep its bytes and answer, as if its sender had left."""
        rate = self._rate
        if rate is not None and rate.is_below(bytes_per_second, window_seconds=window_seconds, now=now):
            self._wake()


def _do_nothing() -> None:
    pass


class UploadLocks:
    """Locks of all uploads that this process receives."""

    def __init__(self) -> None:
        self._released = threading.Condition()
        self._locks: dict[str, WriteLock] = {}

    @contextmanager
    def hold(self, upload_id: str, *, interrupt: bool = False) -> Iterator[WriteLock]:
        """Hold the lock of the upload; with `interrupt` its holder is interrupted first.

        Raises UploadLocked when it is not released in time.
        """
        lock = self._acquire(upload_id, interrupt=interrupt)
        try:
            yield lock
        finally:
            with self._released:
                del self._locks[upload_id]
                self._released.notify_all()

    def interrupt(self, upload_id: str) -> None:
        """Have the request that holds this lock, if any, keep its bytes and answer."""
        with self._released:
            lock = self._locks.get(upload_id)
        if lock is not None:
            lock.interrupt()

    def interrupt_all(self) -> None:
        """Have every request that holds a lock keep its bytes and answer: the engine stops."""
        with self._released:
            locks = list(self._locks.values())
        for lock in locks:
            lock.interrupt()

    def cut_slow(self, bytes_per_second: float, *, window_seconds: float, now: float) -> None:
        """Cut off all senders that sent less in the window that ends now. now: of the monotonic clock."""
        with self._released:
            locks = list(self._locks.values())
        for lock in locks:
            lock.cut_if_slow(bytes_per_second, window_seconds=window_seconds, now=now)

    def is_held(self, upload_id: str) -> bool:
        with self._released:
            return upload_id in self._locks

    def _acquire(self, upload_id: str, *, interrupt: bool) -> WriteLock:
        started_at = time.monotonic()
        with self._released:
            while (holder := self._locks.get(upload_id)) is not None:
                is_silent = holder.silent_seconds >= WAIT_FOR_WRITER_SECONDS
                if interrupt or is_silent:
                    holder.interrupt()
                wait_seconds = (
                    WAIT_FOR_INTERRUPTED_SECONDS if interrupt or is_silent else WAIT_FOR_WRITER_SECONDS
                )
                left_seconds = started_at + wait_seconds - time.monotonic()
                if left_seconds <= 0:
                    raise UploadLocked("Another request is sending to this upload. Try again in a moment.")
                self._released.wait(min(left_seconds, WAIT_FOR_WRITER_SECONDS))
            lock = self._locks[upload_id] = WriteLock()
            return lock
