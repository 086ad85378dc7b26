"""RabbitMQ, as this host speaks to it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from amqp.exceptions import AMQPError
from kombu.connection import Connection
from kombu.entity import Queue
from kombu.messaging import Producer

from cattube_worker.execution.cluster.wake_ups import (
    HOST_QUEUE_SECONDS,
    SHARED_QUEUES,
    WakeUp,
    host_queue,
    task_message,
)

ANSWER_SECONDS = 10


class BrokerAway(Exception):
    """The broker does not answer, or refuses; it may do so no longer in a moment."""


def shared_queues() -> list[Queue]:
    """The queues of all worker hosts. They outlive the broker's restart, on several brokers also its disk."""
    return [Queue(name, queue_arguments=dict(_QUORUM)) for name in SHARED_QUEUES.values()]


def queue_for_host(host: str) -> Queue:
    """The queue of one host."""
    return Queue(host_queue(host), queue_arguments=dict(_QUORUM), expires=HOST_QUEUE_SECONDS)


_QUORUM = {"x-queue-type": "quorum"}


class Broker:
    """A connection to RabbitMQ at `url`, made when it is needed, for one thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._producer: Producer | None = None

    def publish(self, wake_ups: Sequence[WakeUp]) -> None:
        """Publish, and wait until the broker has each of them safe. Raises BrokerAway."""
        try:
            producer = self._open()
            for wake_up in wake_ups:
                producer.publish(
                    **task_message(wake_up),
                    routing_key=wake_up.queue,
                    delivery_mode="persistent",
                    confirm_timeout=ANSWER_SECONDS,
                )
        except (AMQPError, OSError) as error:
            raise self._away(error) from error

    def messages_in(self, queue: Queue) -> int:
        """The messages in the queue that no host has taken, made if it is missing. Raises BrokerAway."""
        try:
            channel = self._open().channel
            return int(queue.bind(channel).queue_declare().message_count)
        except (AMQPError, OSError) as error:
            raise self._away(error) from error

    def close(self) -> None:
        """Give the connection up; the next call makes another."""
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            with suppress(AMQPError, OSError):  # It may be broken.
                connection.close()

    def _open(self) -> Producer:
        if self._producer is None:
            self._connection = Connection(
                self._url, connect_timeout=ANSWER_SECONDS, transport_options={"confirm_publish": True}
            )
            channel = self._connection.channel()
            for queue in shared_queues():
                queue.bind(channel).declare()
            self._producer = Producer(channel)
        return self._producer

    def _away(self, error: Exception) -> BrokerAway:
        self.close()
        return BrokerAway(str(error) or type(error).__name__)
