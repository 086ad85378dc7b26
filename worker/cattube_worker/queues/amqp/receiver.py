"""What comes from a queue of RabbitMQ."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cattube_worker.queues.address import QueueAddress
from cattube_worker.queues.amqp.errors import in_words
from cattube_worker.queues.amqp.queue_connection import QueueConnection
from cattube_worker.queues.queue import REASON, Message, QueueError, Received

# A connection that was cut without a word is noticed after two of these.
HEARTBEAT_SECONDS = 20


class AmqpReceiver:
    """Receiver of one queue."""

    def __init__(self, address: QueueAddress) -> None:
        self._address = address
        self._connection: QueueConnection | None = None
        self._arrived: deque[Any] = deque()

    def receive(self, seconds: float) -> Received | None:
        with self._connected() as connection:
            if not self._arrived:
                connection.wait(seconds)
        if not self._arrived:
            return None
        arrived = self._arrived.popleft()
        return Received(_message_in(arrived), (connection, arrived))

    def acknowledge(self, received: Received) -> None:
        connection, arrived = received.place
        with self._connected() as current:
            if connection is current:  # what came by an earlier one, the broker sends again
                arrived.ack()

    def bury(self, received: Received, reason: str) -> None:
        message = received.message
        letter = Message(message.body, {**message.headers, REASON: reason})
        with self._connected() as connection:
            connection.publish(self._address.dead_letters.name, letter)
        self.acknowledge(received)

    def close(self) -> None:
        self._arrived.clear()
        connection, self._connection = self._connection, None
        if connection:
            connection.close()

    @contextmanager
    def _connected(self) -> Iterator[QueueConnection]:
        try:
            with in_words(self._address):
                if self._connection is None:
                    self._connection = QueueConnection(self._address, heartbeat_seconds=HEARTBEAT_SECONDS)
                    self._connection.consume(self._address.name, self._arrived.append)
                yield self._connection
        except QueueError:
            self._arrived.clear()
            connection, self._connection = self._connection, None
            if connection:
                connection.drop()
            raise


def _message_in(arrived: Any) -> Message:
    body = arrived.body.encode() if isinstance(arrived.body, str) else bytes(arrived.body)
    headers = {str(name).lower(): str(value) for name, value in arrived.headers.items()}
    return Message(body, {**headers, "content-type": str(arrived.content_type or "")})
