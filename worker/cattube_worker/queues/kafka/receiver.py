"""What comes from a topic of Kafka: read in a group that commits what is done."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

from cattube_worker.queues.address import QueueAddress
from cattube_worker.queues.kafka.client import START_SECONDS, KafkaClient, ensure_topics, started
from cattube_worker.queues.kafka.connection import ANSWER_SECONDS, connection_settings
from cattube_worker.queues.kafka.offsets import Offsets
from cattube_worker.queues.kafka.producer import send, started_producer
from cattube_worker.queues.queue import REASON, Message, QueueError, Received

# Messages that are not done: with more, no others are fetched.
MOST_OPEN = 100
# Silence after which the brokers are asked whether they are there.
QUIET_SECONDS = 5.0


class KafkaReceiver(KafkaClient):
    """Receiver of one topic, as a member of the group that is named after it."""

    def __init__(self, address: QueueAddress) -> None:
        super().__init__(address)
        self._consumer: Any = None
        self._producer: Any = None
        self._arrived: deque[Any] = deque()
        self._offsets = Offsets()
        self._heard_at = 0.0

    def receive(self, seconds: float) -> Received | None:
        with self._connected():
            if not self._arrived:
                self.run(self._fetch(seconds), seconds=seconds + ANSWER_SECONDS)
        if not self._arrived:
            return None
        record = self._arrived.popleft()
        return Received(_message_in(record), (_partition(record), record.offset))

    def acknowledge(self, received: Received) -> None:
        self._offsets.finish(*received.place)

    def bury(self, received: Received, reason: str) -> None:
        message = received.message
        letter = Message(message.body, {**message.headers, REASON: reason})
        with self._connected():
            if self._producer is None:
                self._producer = self.run(started_producer(self._address), seconds=START_SECONDS)
            self.run(send(self._producer, self._address.dead_letters.name, letter))
        self.acknowledge(received)

    def close(self) -> None:
        if self._consumer:
            # What is not told comes again.
            with suppress(QueueError):
                self.run(self._commit(self._consumer))
        self._stop()

    def _stop(self, *, is_lost: bool = False) -> None:
        self._arrived.clear()
        self._offsets = Offsets()
        consumer, producer = self._consumer, self._producer
        self._consumer = self._producer = None
        self.end(consumer, producer, is_lost=is_lost)

    async def _fetch(self, seconds: float) -> None:
        """Commit what is done, then bring more, unless too much is not done yet."""
        await self._commit(self._consumer)
        is_full, partitions = self._offsets.open_count >= MOST_OPEN, self._consumer.assignment()
        (self._consumer.pause if is_full else self._consumer.resume)(*partitions)
        fetched = await self._consumer.getmany(timeout_ms=int(seconds * 1000), max_records=MOST_OPEN)
        for record in (record for records in fetched.values() for record in records):
            self._offsets.add(_partition(record), record.offset)
            self._arrived.append(record)
        await self._check_brokers(is_idle=not fetched)

    async def _check_brokers(self, *, is_idle: bool) -> None:
        """Ask the brokers when nothing has come for a while: the client waits for them without a word."""
        now = time.monotonic()
        if not is_idle:
            self._heard_at = now
        elif now - self._heard_at > QUIET_SECONDS:
            await self._consumer.topics()
            self._heard_at = now

    async def _commit(self, consumer: Any) -> None:
        offsets = self._offsets.committable()
        if offsets:
            await consumer.commit(offsets)
            self._offsets.committed(offsets)

    @contextmanager
    def _connected(self) -> Iterator[None]:
        try:
            if self._consumer is None:
                self._consumer = self.run(_consumer(self._address, self._offsets), seconds=START_SECONDS)
            yield
        except QueueError:
            self._stop(is_lost=True)
            raise


class _Rebalance(ConsumerRebalanceListener):  # type: ignore[misc]
    """Forgets what another member of the group goes on with."""

    def __init__(self, offsets: Offsets) -> None:
        self._offsets = offsets

    def on_partitions_revoked(self, revoked: set[Any]) -> None:
        for partition in revoked:
            self._offsets.forget(partition)

    def on_partitions_assigned(self, assigned: set[Any]) -> None:
        """Do nothing: messages tell where they are from."""


async def _consumer(address: QueueAddress, offsets: Offsets) -> Any:
    await ensure_topics(address)
    consumer = AIOKafkaConsumer(
        **connection_settings(address),
        group_id=address.name,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    consumer.subscribe([address.name], listener=_Rebalance(offsets))
    return await started(consumer)


def _partition(record: Any) -> Any:
    return TopicPartition(record.topic, record.partition)


def _message_in(record: Any) -> Message:
    headers = {name.lower(): (value or b"").decode(errors="replace") for name, value in record.headers}
    return Message(record.value or b"", headers)
