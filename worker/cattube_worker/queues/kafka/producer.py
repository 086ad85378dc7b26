"""Producers of Kafka, by which senders send, and receivers their dead letters."""

from __future__ import annotations

from typing import Any

from aiokafka import AIOKafkaProducer

from cattube_worker.queues.address import QueueAddress
from cattube_worker.queues.kafka.client import ensure_topics, started
from cattube_worker.queues.kafka.connection import connection_settings
from cattube_worker.queues.queue import Message

# Largest message, as the site takes it by POST too. Kafka's own limit is half of that, of compressed bytes.
MOST_BYTES = 2_000_000


async def started_producer(address: QueueAddress) -> Any:
    """A producer for the topic and its dead letters, which are made if they are not there."""
    await ensure_topics(address)
    producer = AIOKafkaProducer(
        **connection_settings(address),
        acks="all",
        enable_idempotence=address.is_idempotent,
        max_request_size=MOST_BYTES,
        compression_type="gzip",
    )
    return await started(producer)


async def send(producer: Any, topic: str, message: Message) -> None:
    """Send, and return once the brokers have it for good."""
    headers = [(name, value.encode()) for name, value in message.headers.items()]
    await producer.send_and_wait(topic, message.body, headers=headers)
