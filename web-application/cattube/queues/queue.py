"""What every queue promises: messages go in, come out at least once, and those of no use are kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

# Messages of the doctor have this header, say nothing, and are dropped by whoever gets them.
PING = "ping"
# The header in which a dead letter carries why it is one.
REASON = "reason"


class QueueError(Exception):
    """The broker is away or busy: later it may work. The text is a sentence that names queue and broker."""


class QueueRefused(QueueError):
    """The broker does not let us: something has to be set otherwise first."""


@dataclass(frozen=True)
class Message:
    """One message. headers: names in lower case; their values are short texts without secrets."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ping(self) -> bool:
        return PING in self.headers


@dataclass(frozen=True)
class Received:
    """A message that came, with what its receiver knows it by."""

    message: Message
    place: Any = field(repr=False)


class Sender(Protocol):
    """Sends to one queue, from any thread."""

    def send(self, message: Message) -> None:
        """Send, and return once the broker has it for good. Raises QueueError.

        After an error it may be there all the same: whoever sends again sends the same message.
        """

    def close(self) -> None:
        """Let go of the broker."""


class Receiver(Protocol):
    """Receives from one queue, in one thread. All methods but `close` raise QueueError.

    After an error, messages that were not acknowledged come again.
    """

    def receive(self, seconds: float) -> Received | None:
        """The next message; None when none comes in that time."""

    def acknowledge(self, received: Received) -> None:
        """Have the message never come again."""

    def bury(self, received: Received, reason: str) -> None:
        """Move the message to the dead letters, with the reason in a header."""

    def close(self) -> None:
        """Let go of the broker. What was not acknowledged comes again, to whoever receives next."""
