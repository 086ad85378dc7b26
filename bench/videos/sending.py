"""Sending bytes by tus with plain sockets, so that the sender costs as little as it can."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bench.videos.sources import index_of

BLOCK_BYTES = 64 * 1024
# An Assembly that does nothing with its files.
ONLY_RECEIVE = {"steps": {":original": {"robot": "/upload/handle"}}}


def send(address: str, body: Path, size_bytes: int | None = None) -> float:
    """Send a file in one PATCH, or so much of it; the moment of the last byte, on time.perf_counter()."""
    size_bytes = body.stat().st_size if size_bytes is None else size_bytes
    with _patch(address, size_bytes) as connection, body.open("rb") as source:
        sent = 0
        while sent < size_bytes:
            sent += os.sendfile(connection.fileno(), source.fileno(), sent, size_bytes - sent)
        return time.perf_counter()


def send_slowly(address: str, source: Path, *, seconds: float) -> float:
    """Send a file in one PATCH, evenly over that time; the moment of the last byte."""
    body = source.read_bytes()
    with _patch(address, len(body)) as connection:
        start = time.perf_counter()
        for place in range(0, len(body), BLOCK_BYTES):
            block = body[place : place + BLOCK_BYTES]
            due = start + seconds * (place + len(block)) / len(body)
            time.sleep(max(0.0, due - time.perf_counter()))
            connection.sendall(block)
        return time.perf_counter()


def send_index(address: str, source: Path) -> None:
    """Send the index of a film ahead, as our upload page does."""
    start, index = index_of(source)
    httpx.post(f"{address}/index", headers={"Index-Offset": str(start)}, content=index).raise_for_status()


def open_patch(address: str, size_bytes: int) -> socket.socket:
    """A connection on which a PATCH of that many bytes has begun."""
    url = urlsplit(address)
    connection = socket.create_connection((url.hostname, url.port))
    head = (
        f"PATCH {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nContent-Length: {size_bytes}\r\n\r\n"
    )
    connection.sendall(head.encode())
    return connection


@contextmanager
def _patch(address: str, size_bytes: int) -> Iterator[socket.socket]:
    """A PATCH whose body the block sends. Raises RuntimeError when it is not taken."""
    with open_patch(address, size_bytes) as connection:
        yield connection
        answer = connection.recv(65536).decode()
    if " 204" not in answer.split("\r\n")[0]:
        raise RuntimeError(f"{address} answered {answer}")
