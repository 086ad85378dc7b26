"""The loop in which clients of Kafka run. The engine has the same."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.certificates import Certificates, make_certificates
from servers.tls_server import tls_server

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
