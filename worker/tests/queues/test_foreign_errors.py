"""Errors that the client of a broker raises beside its own."""

from __future__ import annotations

import pytest

from cattube_worker.queues.address import read_address
from cattube_worker.queues.queue import QueueError

STRANGE = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")


def test_w79_kafka_with_a_header_of_strange_bytes_cannot_be_used_for_now() -> None:
    pytest.importorskip("aiokafka")
    from cattube_worker.queues.kafka.client import KafkaClient

    async def fetch() -> None:
        raise STRANGE

    client = KafkaClient(read_address("kafka://broker.lan/cats", default_name="any"))
    try:
        with pytest.raises(QueueError, match=r"cats at .* cannot be used: .*UnicodeDecodeError"):
            client.run(fetch())
    finally:
        client.end()


def test_w79_rabbitmq_with_a_header_of_strange_bytes_cannot_be_used_for_now() -> None:
    pytest.importorskip("kombu")
    from cattube_worker.queues.amqp.errors import in_words

    with (
        pytest.raises(QueueError, match=r"cats at .* cannot be used: .*UnicodeDecodeError"),
        in_words(read_address("amqp://broker.lan/?queue=cats", default_name="any")),
    ):
        raise STRANGE
