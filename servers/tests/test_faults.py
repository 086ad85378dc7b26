"""The proxy with faults itself: it passes on that a client has left, and never waits for what cannot come."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from servers.faults import Faults, faulty
from servers.s3_server import S3Server

# Shorter than the proxy itself would wait for an answer.
PATIENCE_SECONDS = 40


@pytest.fixture
def bucket_service() -> Iterator[socket.socket]:
    """The listening socket of a service that answers only if the test does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE_SECONDS)
        yield listener


@pytest.fixture
def faults(bucket_service: socket.socket) -> Iterator[Faults]:
    port = bucket_service.getsockname()[1]
    with faulty(S3Server(f"http://127.0.0.1:{port}", "cat", "tube")) as faults:
        yield faults


def test_client_that_leaves_amid_a_body_is_gone_for_the_service_too(
    bucket_service: socket.socket, faults: Faults
) -> None:
    port = int(faults.server.endpoint_url.rpartition(":")[2])
    head = b"PUT /cats/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"

    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(head + b"meow")
        arrived, _ = bucket_service.accept()
    with arrived:
        arrived.settimeout(PATIENCE_SECONDS)
        received = b"".join(iter(lambda: arrived.recv(1000), b""))

    assert received.endswith(b"\r\n\r\nmeow")
