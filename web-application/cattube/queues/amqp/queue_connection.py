"""Connections to RabbitMQ for one queue: a quorum queue, publications that the broker confirms."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import kombu

from cattube.queues.address import QueueAddress
from cattube.queues.amqp.connection import connect, disconnect, find_queue
from cattube.queues.queue import Message

CONFIRM_SECONDS = 15.0
# Messages on the way to one receiver: those that wait for another try are among them.
PREFETCH = 100


class QueueConnection:
    """Connection to one of the brokers, on which the queue and its dead letters are there."""

    def __init__(self, address: QueueAddress, *, heartbeat_seconds: int = 0) -> None:
        self._connection = connect(address, heartbeat_seconds=heartbeat_seconds)
        try:
            dead = address.dead_letters.name
            # What the broker itself gives up, as after many deliveries, goes there too.
            give_up = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead}
            _ensure(self._connection, dead, {})
            _ensure(self._connection, address.name, give_up)
            self._producer = self._connection.Producer()
        except BaseException:
            self.close()
            raise

    def publish(self, name: str, message: Message) -> None:
        headers = dict(message.headers)
        self._producer.publish(
            message.body,
            routing_key=name,
            exchange="",
            delivery_mode="persistent",
            mandatory=True,  # a queue that was deleted meanwhile is an error, not a loss
            content_type=headers.pop("content-type", "application/octet-stream"),
            content_encoding="binary",
            headers=headers,
            timeout=CONFIRM_SECONDS,
            confirm_timeout=CONFIRM_SECONDS,
        )

    def consume(self, name: str, on_message: Callable[[Any], object]) -> None:
        channel = self._connection.channel()
        channel.basic_qos(0, PREFETCH, False)
        consumer = self._connection.Consumer(
            queues=[kombu.Queue(name, no_declare=True)],
            channel=channel,
            on_message=on_message,
            auto_declare=False,
        )
        consumer.consume()

    def wait(self, seconds: float) -> None:
        """Wait for the next event of the broker's."""
        with suppress(TimeoutError):
            self._connection.drain_events(timeout=seconds)
        self._connection.heartbeat_check()

    def close(self) -> None:
        """End the connection in peace: the broker has got all that was said."""
        disconnect(self._connection)

    def drop(self) -> None:
        """Drop the connection at once: a broker in trouble would have us wait for its farewell."""
        self._connection.collect()


def _ensure(connection: kombu.Connection, name: str, arguments: dict[str, str]) -> None:
    """Make the queue, unless it is there: then it may be as its operator likes it."""
    if find_queue(connection, name) is None:
        with connection.channel() as channel:
            channel.queue_declare(
                name,
                durable=True,
                auto_delete=False,
                arguments={"x-queue-type": "quorum", **arguments},
            )
