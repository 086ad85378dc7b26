"""One writer per upload.

A client that lost its connection asks anew with HEAD while its dead request may still hold the upload, as
long as the network has not noticed. So HEAD and DELETE tell the holder to let go; what the holder received
is kept. A PATCH does so too when nothing has come from the holder for a while. Else it only waits: two that
come together are one too many, and the second gets its answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cattube_worker.tus.protocol import UploadLocked

WAIT_FOR_INTERRUPTED_SECONDS = 20.0
WAIT_FOR_WRITER_SECONDS = 2.0


class Turn:
    """The right to write to one upload, until it is interrupted."""

    def __init__(self) -> None:
        self.is_interrupted = False
        self._heard_at = time.monotonic()
        self._wake: Callable[[], None] = lambda: None

    def on_interrupt(self, wake: Callable[[], None]) -> None:
        """Have `wake` called when the turn is interrupted, to end a read that blocks."""
        self._wake = wake

    @property
    def silent_seconds(self) -> float:
        """How long nothing has come."""
        return time.monotonic() - self._heard_at

    def hear(self) -> None:
        """Note that something came."""
        self._heard_at = time.monotonic()

    def interrupt(self) -> None:
        self.is_interrupted = True
        self._wake()


class UploadLocks:
    """The turns of all uploads this process receives."""

    def __init__(self) -> None:
        self._freed = threading.Condition()
        self._turns: dict[str, Turn] = {}

    @contextmanager
    def hold(self, upload_id: str, *, interrupt: bool = False) -> Iterator[Turn]:
        """A turn at the upload; with `interrupt` whoever has it is told to let go.

        Raises UploadLocked when it is not freed in time.
        """
        turn = self._take(upload_id, interrupt=interrupt)
        try:
            yield turn
        finally:
            with self._freed:
                del self._turns[upload_id]
                self._freed.notify_all()

    def interrupt(self, upload_id: str) -> None:
        """Have the writer of this upload, if there is one, keep what it has and answer."""
        with self._freed:
            turn = self._turns.get(upload_id)
        if turn is not None:
            turn.interrupt()

    def interrupt_all(self) -> None:
        """Have every writer keep what it has and answer: the engine stops."""
        with self._freed:
            turns = list(self._turns.values())
        for turn in turns:
            turn.interrupt()

    def is_held(self, upload_id: str) -> bool:
        with self._freed:
            return upload_id in self._turns

    def _take(self, upload_id: str, *, interrupt: bool) -> Turn:
        begun = time.monotonic()
        with self._freed:
            while (holder := self._turns.get(upload_id)) is not None:
                is_dead = holder.silent_seconds >= WAIT_FOR_WRITER_SECONDS
                if interrupt or is_dead:
                    holder.interrupt()
                wait_seconds = (
                    WAIT_FOR_INTERRUPTED_SECONDS if interrupt or is_dead else WAIT_FOR_WRITER_SECONDS
                )
                left_seconds = begun + wait_seconds - time.monotonic()
                if left_seconds <= 0:
                    raise UploadLocked("Another request is sending to this upload. Try again in a moment.")
                self._freed.wait(min(left_seconds, WAIT_FOR_WRITER_SECONDS))
            turn = self._turns[upload_id] = Turn()
            return turn
