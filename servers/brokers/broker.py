"""Brokers of queues, RabbitMQ or one of Kafka's kind, as tests use both: each queue has a name of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from servers.brokers.kafka import Kafka, kafka
from servers.brokers.rabbitmq import RabbitMQ, rabbitmq
from servers.brokers.tansu import Tansu, tansu


@dataclass(frozen=True)
class Broker:
    """A running broker. The address of a queue names a new one, which is not there yet."""

    server: RabbitMQ | Kafka | Tansu

    @property
    def is_kafka(self) -> bool:
        """True where clients speak Kafka's protocol."""
        return self.server.url.startswith("kafka:")

    @property
    def is_full(self) -> bool:
        """True where it asks for passwords, and keeps what it has confirmed when it is started again."""
        return not isinstance(self.server, Tansu)

    @property
    def password(self) -> str:
        """The right one."""
        return self._full_server.password

    def new_address(self) -> str:
        """The address of a queue that nobody has used."""
        return self._address(self.server.url, **({} if self.is_full else {"idempotence": "off"}))

    def address_for(self, *, password: str) -> str:
        """The same for a user who is known, with this password, which may be wrong."""
        return self._address(self._full_server.url_for(password))

    def tls_address(self, *, password: str = "", authority: Path | None = None, sasl: str = "") -> str:
        """The same by TLS. password, authority: that clients bring and trust, in the place of the right ones.

        sasl: how they tell the password to Kafka, in the place of the usual way.
        """
        server = self._full_server
        options = {"ca": str(authority or server.authority)} | ({"sasl": sasl} if sasl else {})
        return self._address(server.tls_url_for(password or server.password), **options)

    @property
    def _full_server(self) -> RabbitMQ | Kafka:
        assert not isinstance(self.server, Tansu), "It lets everybody in."
        return self.server

    def _address(self, url: str, **options: str) -> str:
        name = f"cats-{uuid.uuid4().hex}"
        if self.is_kafka:
            url = f"{url}/{name}"
        else:
            options["queue"] = name
        return f"{url}?{urlencode(options)}" if options else url


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
