"""What waits in a topic of Kafka."""

from __future__ import annotations

from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from cattube.queues.address import QueueAddress
from cattube.queues.kafka.client import START_SECONDS, KafkaClient
from cattube.queues.kafka.connection import connection_settings


def kafka_waiting(address: QueueAddress) -> int:
    """Messages of the topic that its group has not done yet. Raises QueueError."""
    client = KafkaClient(address)
    try:
        return client.run(_waiting(address), seconds=START_SECONDS)
    finally:
        client.end()


async def _waiting(address: QueueAddress) -> int:
    admin = AIOKafkaAdminClient(**connection_settings(address))
    reader = AIOKafkaConsumer(**connection_settings(address))
    try:
        await admin.start()
        await reader.start()
        if address.name not in await admin.list_topics():
            return 0
        (topic,) = await admin.describe_topics([address.name])
        partitions = [TopicPartition(address.name, entry["partition"]) for entry in topic["partitions"]]
        first, last = await reader.beginning_offsets(partitions), await reader.end_offsets(partitions)
        done = await admin.list_consumer_group_offsets(address.name, partitions=partitions)
    finally:
        await reader.stop()
        await admin.close()
    return sum(last[each] - max(first[each], _offset(done.get(each))) for each in partitions)


def _offset(committed: Any) -> int:
    return committed.offset if committed else -1
