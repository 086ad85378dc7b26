"""What comes from a queue of RabbitMQ."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cattube.queues.address import QueueAddress
from cattube.queues.amqp.errors import in_words
from cattube.queues.amqp.line import Line
from cattube.queues.queue import REASON, Message, QueueError, Received

# A line that was cut without a word is noticed after two of these.
HEARTBEAT_SECONDS = 20


class AmqpReceiver:
    """Receiver of one queue."""

    def __init__(self, address: QueueAddress) -> None:
        self._address = address
        self._line: Line | None = None
        self._arrived: deque[Any] = deque()

    def receive(self, seconds: float) -> Received | None:
        with self._connected() as line:
            if not self._arrived:
                line.wait(seconds)
        if not self._arrived:
            return None
        arrived = self._arrived.popleft()
        return Received(_message_in(arrived), (line, arrived))

    def acknowledge(self, received: Received) -> None:
        line, arrived = received.place
        with self._connected() as current:
            if line is current:  # of an earlier connection: the broker sends it again
                arrived.ack()

    def bury(self, received: Received, reason: str) -> None:
        message = received.message
        letter = Message(message.body, {**message.headers, REASON: reason})
        with self._connected() as line:
            line.publish(self._address.dead_letters.name, letter)
        self.acknowledge(received)

    def close(self) -> None:
        self._arrived.clear()
        line, self._line = self._line, None
        if line:
            line.close()

    @contextmanager
    def _connected(self) -> Iterator[Line]:
        try:
            with in_words(self._address):
                if self._line is None:
                    self._line = Line(self._address, heartbeat_seconds=HEARTBEAT_SECONDS)
                    self._line.consume(self._address.name, self._arrived.append)
                yield self._line
        except QueueError:
            self._arrived.clear()
            line, self._line = self._line, None
            if line:
                line.drop()
            raise


def _message_in(arrived: Any) -> Message:
    body = arrived.body.encode() if isinstance(arrived.body, str) else bytes(arrived.body)
    headers = {str(name).lower(): str(value) for name, value in arrived.headers.items()}
    return Message(body, {**headers, "content-type": str(arrived.content_type or "")})
