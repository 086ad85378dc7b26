"""RabbitMQ, as this host speaks to it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from amqp.exceptions import AMQPError
from kombu.connection import Connection
from kombu.entity import Queue
from kombu.messaging import Producer

from cattube_worker.execution.cluster.confirms import Confirms
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


@dataclass(frozen=True)
class _Link:
    """A connection with one channel on it."""

    connection: Connection
    producer: Producer
    confirms: Confirms


class Broker:
    """A connection to RabbitMQ at `url`, made when it is needed, for one thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._link: _Link | None = None

    def publish(self, wake_ups: Sequence[WakeUp]) -> None:
        """Publish, and wait until the broker has each of them safe. Raises BrokerAway."""
        try:
            link = self._open()
            for wake_up in wake_ups:
                link.producer.publish(
                    **task_message(wake_up), routing_key=wake_up.queue, delivery_mode="persistent"
                )
                link.confirms.expect()
            link.confirms.wait(lambda: link.connection.drain_events(timeout=ANSWER_SECONDS))
        except (AMQPError, OSError) as error:
            raise self._away(error) from error

    def messages_in(self, queue: Queue) -> int:
        """The messages in the queue that no host has taken, made if it is missing. Raises BrokerAway."""
        try:
            return int(queue.bind(self._open().producer.channel).queue_declare().message_count)
        except (AMQPError, OSError) as error:
            raise self._away(error) from error

    def close(self) -> None:
        """Give the connection up; the next call makes another."""
        link, self._link = self._link, None
        if link is not None:
            with suppress(AMQPError, OSError):  # It may be broken.
                link.connection.close()

    def _open(self) -> _Link:
        if self._link is None:
            connection = Connection(self._url, connect_timeout=ANSWER_SECONDS)
            channel = connection.channel()
            for queue in shared_queues():
                queue.bind(channel).declare()
            self._link = _Link(connection, Producer(channel), Confirms(channel))
        return self._link

    def _away(self, error: Exception) -> BrokerAway:
        self.close()
        return BrokerAway(str(error) or type(error).__name__)
