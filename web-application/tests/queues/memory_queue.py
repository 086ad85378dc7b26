"""A queue in memory, in the place of a broker's: it gives what was sent, and keeps what became of it."""

from __future__ import annotations

from collections import deque
from urllib.parse import urlencode

from statuses import notification

from cattube.queues.queue import Message, QueueError, Received

FORM = "application/x-www-form-urlencoded; charset=utf-8"


def notification_message(status: dict[str, object] | str) -> Message:
    """The message by which the engine reports the status, signed."""
    return Message(urlencode(notification(status)).encode(), {"content-type": FORM})


class MemoryQueue:
    """Sender and receiver. errors: what the next calls fail with, before they do anything."""

    def __init__(self, *messages: Message) -> None:
        self.waiting = deque(messages)
        self.done: list[Message] = []
        self.dead_letters: list[tuple[Message, str]] = []
        self.errors: deque[QueueError] = deque()

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
