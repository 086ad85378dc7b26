"""The loop in which clients of Kafka run. The engine has the same."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Timer

import pytest
from servers.certificates import Certificates, make_certificates
from servers.tls_server import tls_server

from cattube.queues.kafka import event_loop
from cattube.queues.kafka.event_loop import EventLoop


class Client(asyncio.Protocol):
    """Knows whether it has been told of its connection's end."""

    is_ended = False

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_ended = True


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return make_certificates(tmp_path)


@pytest.fixture
def port(certificates: Certificates) -> Iterator[int]:
    with tls_server(certificates) as port:
        yield port


@pytest.mark.parametrize("is_tls", [False, True])
def test_f115_connection_that_its_client_forgets_ends_with_the_loop(
    port: int, certificates: Certificates, *, is_tls: bool
) -> None:
    """F115: a client that is cancelled amid its start does so."""
    context = ssl.create_default_context(cafile=certificates.authority) if is_tls else None

    async def connect() -> Client:
        _, client = await asyncio.get_running_loop().create_connection(Client, "127.0.0.1", port, ssl=context)
        return client

    loop = EventLoop()
    client = loop.run(connect(), seconds=10)
    assert not client.is_ended

    loop.close()

    assert client.is_ended


def test_f125_work_that_goes_on_though_it_is_cancelled_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """F125: clients wait for answers of a broker that is away, also when they are to end."""
    monkeypatch.setattr(event_loop, "SECONDS_TO_STOP", 0.1)
    is_over = Event()
    test_gives_up = Timer(60, is_over.set)
    test_gives_up.start()

    async def go_on() -> None:
        while not is_over.is_set():
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.01)

    loop = EventLoop()
    with pytest.raises(TimeoutError):
        loop.run(go_on(), seconds=0.01)
    loop.close()
    test_gives_up.cancel()
    is_over.set()
