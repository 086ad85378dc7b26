"""What goes to a topic of Kafka: written by all replicas in sync."""

from __future__ import annotations

from threading import Lock
from typing import Any

from cattube_worker.queues.address import QueueAddress
from cattube_worker.queues.kafka.client import START_SECONDS, KafkaClient
from cattube_worker.queues.kafka.producer import send, started_producer
from cattube_worker.queues.queue import Message, QueueError


class KafkaSender(KafkaClient):
    """Sender to one topic. All threads share a producer, which sends for them side by side."""

    def __init__(self, address: QueueAddress) -> None:
        super().__init__(address)
        self._lock = Lock()
        self._producer: Any = None

    def send(self, message: Message) -> None:
        producer = self._opened()
        try:
            self.run(send(producer, self._address.name, message))
        except QueueError:
            with self._lock:
                # Its numbers of messages may not be the broker's any more.
                if producer is self._producer:
                    self._stop(is_lost=True)
            raise

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _opened(self) -> Any:
        with self._lock:
            if self._producer is None:
                try:
                    self._producer = self.run(started_producer(self._address), seconds=START_SECONDS)
                except QueueError:
                    # What was begun may go on, with its connections, and the next attempt would add to it.
                    self._stop(is_lost=True)
                    raise
            return self._producer

    def _stop(self, *, is_lost: bool = False) -> None:
        producer, self._producer = self._producer, None
        self.end(producer, is_lost=is_lost)
