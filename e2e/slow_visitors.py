"""Visitors who take their time: they pause, break off in the middle of a request, or say nothing at all."""

from __future__ import annotations

import resource
import select
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlsplit

PATIENCE_SECONDS = 60
# Of what a server sends, no more than that is on its way to a visitor who does not read.
RECEIVE_BUFFER_BYTES = 4096
# Files beside the visitors' own.
OTHER_FILES = 500


@dataclass(frozen=True)
class Kind:
    """Visitors of one kind. says: what each sends before it waits. is_answered: it reads the first words."""

    count: int
    says: bytes
    is_answered: bool = False


def paused_players(path: str, count: int) -> Kind:
    """Viewers of a long file who read only its beginning."""
    return Kind(count, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), is_answered=True)


def unfinished_headers(count: int) -> Kind:
    return Kind(count, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ")


def unfinished_bodies(
    path: str, count: int, *, content_type: str, size_bytes: int = 1000, method: str = "POST"
) -> Kind:
    """Senders who break off. size_bytes: what each has announced."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n"
    return Kind(count, f"{head}Content-Length: {size_bytes}\r\n\r\nlogin=".encode())


def silent(count: int) -> Kind:
    return Kind(count, b"")


@contextmanager
def slow_visitors(
    url: str, kinds: Sequence[Kind], *, sources: Sequence[str] = ("127.0.0.1",)
) -> Iterator[list[socket.socket]]:
    """Their connections, open as far as the server leaves them so, until the block ends.

    sources: addresses of this machine from which they come in turn.
    """
    _allow_files(sum(kind.count for kind in kinds) + OTHER_FILES)
    source = cycle(sources)
    with ExitStack() as stack:
        visitors = [
            (kind, stack.enter_context(_connect(url, next(source))))
            for kind in kinds
            for _ in range(kind.count)
        ]
        for kind, visitor in visitors:
            visitor.sendall(kind.says)
        for kind, visitor in visitors:
            if kind.is_answered:
                assert visitor.recv(100).startswith(b"HTTP/1.1 200"), "a player was not answered"
        yield [visitor for _, visitor in visitors]


def still_waiting(visitors: Sequence[socket.socket]) -> int:
    """Number of connections on which a server has said nothing and which it has not closed."""
    poll = select.poll()
    for visitor in visitors:
        poll.register(visitor, select.POLLIN)
    return len(visitors) - len(poll.poll(0))


def _connect(url: str, source: str) -> socket.socket:
    address = urlsplit(url)
    visitor = socket.socket()
    visitor.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    visitor.settimeout(PATIENCE_SECONDS)
    visitor.bind((source, 0))
    visitor.connect((address.hostname, address.port))
    return visitor


def _allow_files(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count if hard < 0 else min(count, hard), hard))
