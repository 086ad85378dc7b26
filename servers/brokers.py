"""Brokers of queues, RabbitMQ or one of Kafka's kind, as tests use both: each queue has a name of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from servers.kafka import PASSWORD, USER, Kafka, kafka
from servers.rabbitmq import RabbitMQ, rabbitmq
from servers.tansu import Tansu, tansu


@dataclass(frozen=True)
class Broker:
    """A running broker. The address of a queue names a new one, which is not there yet."""

    server: RabbitMQ | Kafka | Tansu

    def new_address(self) -> str:
        """The address of a queue that nobody has used."""
        return self._address(self.server.url)

    @property
    def is_kafka(self) -> bool:
        """True where clients speak Kafka's protocol."""
        return self.server.url.startswith("kafka:")

    @property
    def is_full(self) -> bool:
        """True where it asks for passwords, and keeps what it has confirmed when it is started again."""
        return not isinstance(self.server, Tansu)

    def address_for(self, *, password: str) -> str:
        """The same for a user who is known, with this password, which may be wrong."""
        assert not isinstance(self.server, Tansu), "It lets everybody in."
        if isinstance(self.server, Kafka):
            return self._address(self.server.url_for(USER, password))
        return self._address(self.server.url.replace("guest:guest", f"guest:{password}"))

    @property
    def password(self) -> str:
        """The right one."""
        return PASSWORD if isinstance(self.server, Kafka) else "guest"

    def _address(self, url: str) -> str:
        name = f"cats-{uuid.uuid4().hex}"
        if isinstance(self.server, Tansu):
            return f"{url}/{name}?idempotence=off"
        return f"{url}/{name}" if self.is_kafka else f"{url}?queue={name}"


@contextmanager
def rabbitmq_broker() -> Iterator[Broker]:
    with rabbitmq() as server:
        yield Broker(server)


@contextmanager
def kafka_broker() -> Iterator[Broker]:
    with kafka() as server:
        yield Broker(server)


@contextmanager
def tansu_broker() -> Iterator[Broker]:
    with tansu() as server:
        yield Broker(server)
