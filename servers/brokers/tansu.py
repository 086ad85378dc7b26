"""Tansu: a broker that speaks Kafka's protocol, from a wheel, where no Maven can bring Apache Kafka.

A real one, but a lesser: it lets everybody in, and what it keeps goes with its process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from servers.brokers.process import BrokerProcess, running_broker
from servers.processes import require


@contextmanager
def tansu() -> Iterator[Tansu]:
    """A running Tansu on the loopback interface. Raises ServerUnavailable."""
    require("tansu", install="make .venv/stamps/tansu")
    with running_broker(Tansu) as broker:
        yield broker


class Tansu(BrokerProcess):
    """One broker. Each start finds nothing in it."""

    what = "Tansu"

    @property
    def url(self) -> str:
        return f"kafka://127.0.0.1:{self.port}"

    def start(self) -> None:
        address = f"tcp://127.0.0.1:{self.port}"
        self._start(["tansu", "broker", "--listener-url", address, "--advertised-listener-url", address])
