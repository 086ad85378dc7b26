"""Clients of Kafka: the loop that they run in, and the topics that they need."""

from __future__ import annotations

import logging
from collections.abc import Coroutine
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any, TypeVar

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError, TopicAlreadyExistsError, for_code

from cattube_worker.queues.address import QueueAddress
from cattube_worker.queues.kafka.connection import ANSWER_SECONDS, check_doors, connection_settings
from cattube_worker.queues.kafka.errors import in_words
from cattube_worker.queues.kafka.event_loop import EventLoop
from cattube_worker.queues.queue import QueueError

# Of all that a start needs, as joining a group, which waits for all its members.
START_SECONDS, STOP_SECONDS = 60.0, 5.0
# As many processes may share the work on a topic that we make.
PARTITIONS, REPLICAS = 4, 3
Result = TypeVar("Result")
# It logs each attempt at a broker that is away. What goes wrong is raised here, and told once.
logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


class KafkaClient:
    """Loop in which clients of the brokers run, with errors in words."""

    def __init__(self, address: QueueAddress) -> None:
        self._address = address
        self._loop: EventLoop | None = None

    def run(self, work: Coroutine[Any, Any, Result], *, seconds: float = ANSWER_SECONDS) -> Result:
        """Result of the work. Raises QueueError."""
        self._loop = self._loop or EventLoop()
        with in_words(self._address):
            return self._loop.run(_with_reason(self._address, work), seconds=seconds)

    def end(self, *parts: Any, is_lost: bool = False) -> None:
        """Stop what has been started, and the loop with it.

        is_lost: nothing is waited for that a broker would have to answer.
        """
        if is_lost and self._loop:
            self._loop.cancel_all()
        for part in parts:
            if part is not None:
                with suppress(QueueError, CancelledError):
                    self.run(part.stop(), seconds=STOP_SECONDS)
        loop, self._loop = self._loop, None
        if loop:
            loop.close()


async def ensure_topics(address: QueueAddress) -> None:
    """Make the topic and that of its dead letters, unless they are there as their operator likes them."""
    admin = AIOKafkaAdminClient(**connection_settings(address))
    try:
        await admin.start()
        missing = {address.name, address.dead_letters.name} - set(await admin.list_topics())
        if missing:
            brokers = (await admin.describe_cluster())["brokers"]
            replicas = min(REPLICAS, len(brokers))
            answer = await admin.create_topics([NewTopic(name, PARTITIONS, replicas) for name in missing])
            _check_created(answer)
    finally:
        await admin.close()


async def started(client: Any) -> Any:
    try:
        await client.start()
    except BaseException:
        await client.stop()
        raise
    return client


async def _with_reason(address: QueueAddress, work: Coroutine[Any, Any, Result]) -> Result:
    """Result of the work. Where no broker lets us in, raise why."""
    try:
        return await work
    except KafkaConnectionError:
        await check_doors(address)
        raise


def _check_created(answer: Any) -> None:
    for _, code, *_ in answer.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise error
