"""Connections to Kafka: how every client is set up, the topics it needs, and its errors in words."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Coroutine, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    AuthenticationFailedError,
    KafkaConnectionError,
    TopicAlreadyExistsError,
    for_code,
)

from cattube_worker.queues.address import QueueAddress
from cattube_worker.queues.event_loop import EventLoop
from cattube_worker.queues.queue import QueueError, QueueRefused

# Of one question to a broker; of all that a start needs, as joining a group, which waits for all its members.
ANSWER_SECONDS, START_SECONDS, STOP_SECONDS = 15.0, 60.0, 5.0
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
        with _in_words(self._address):
            return self._loop.run(work, seconds=seconds)

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


def connection_settings(address: QueueAddress) -> dict[str, Any]:
    """Settings of every client: where the brokers are, and how they know us."""
    security = f"{'SASL_' if address.user else ''}{'SSL' if address.is_tls else 'PLAINTEXT'}"
    return {
        "bootstrap_servers": [f"{host}:{port}" for host, port in address.servers],
        "client_id": "cattube",
        "request_timeout_ms": int(ANSWER_SECONDS * 1000),
        "security_protocol": security,
        "ssl_context": ssl.create_default_context(cafile=address.ca_file or None) if address.is_tls else None,
        "sasl_mechanism": address.sasl,
        "sasl_plain_username": address.user or None,
        "sasl_plain_password": address.password or None,
    }


def _check_created(answer: Any) -> None:
    for _, code, *_ in answer.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise error


@contextmanager
def _in_words(address: QueueAddress) -> Iterator[None]:
    """Raise what goes wrong as a QueueError."""
    try:
        yield
    except AuthenticationFailedError as error:
        raise QueueRefused(f"Kafka refuses {address}: {error}") from error
    except KafkaConnectionError as error:
        # The client does not tell a broker that is away from one that refuses.
        question = "is one running, and are user and password right?"
        raise QueueError(f"{address} cannot be used: no broker lets us in; {question}") from error
    except Exception as error:
        # The client raises others than its own, as UnicodeDecodeError for a header of strange bytes.
        raise QueueError(f"{address} cannot be used: {error} ({type(error).__name__})") from error
