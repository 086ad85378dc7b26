"""A queue in memory, in the place of a broker's: it gives what was sent, and keeps what became of it."""

from __future__ import annotations

from collections import deque

from cattube_worker.queues.queue import Message, Received


class MemoryQueue:
    """Sender and receiver. errors: what the next calls fail with, before they do anything."""

    def __init__(self) -> None:
        self.waiting: deque[Message] = deque()
        self.done: list[Message] = []
        self.dead_letters: list[tuple[Message, str]] = []
        self.errors: deque[Exception] = deque()

    def send(self, message: Message) -> None:
        self._fail_if_due()
        self.waiting.append(message)

    def receive(self, seconds: float) -> Received | None:
        self._fail_if_due()
        return Received(self.waiting.popleft(), None) if self.waiting else None

    def acknowledge(self, received: Received) -> None:
        self._fail_if_due()
        self.done.append(received.message)

    def bury(self, received: Received, reason: str) -> None:
        self._fail_if_due()
        self.dead_letters.append((received.message, reason))

    def close(self) -> None:
        """Nothing is open."""

    def _fail_if_due(self) -> None:
        if self.errors:
            raise self.errors.popleft()
