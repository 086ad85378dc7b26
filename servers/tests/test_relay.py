"""The network of the campaign: what passes while it is cut, and afterwards."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
from servers.relay import Cut, Link

PATIENCE_SECONDS = 30.0
# Nothing comes: long enough to see that, and no test fails by it.
SILENCE_SECONDS = 0.2


@pytest.fixture
def link() -> Iterator[Link]:
    """A way to a server that gives back what it gets."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=echo, args=(connection,), daemon=True).start()

    def echo(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            while piece := connection.recv(1024):
                connection.sendall(piece)

    threading.Thread(target=serve, daemon=True).start()
    with closing(Link(listener.getsockname()[1])) as link:
        yield link
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def connected(link: Link) -> socket.socket:
    return socket.create_connection(("127.0.0.1", link.port), PATIENCE_SECONDS)


def answer(connection: socket.socket) -> bytes:
    """What comes back; b"" when the connection has ended."""
    try:
        connection.sendall(b"meow")
        return connection.recv(1024)
    except ConnectionError:
        return b""


def is_silent(connection: socket.socket) -> bool:
    connection.settimeout(SILENCE_SECONDS)
    try:
        connection.recv(1024)
    except TimeoutError:
        return True
    finally:
        connection.settimeout(PATIENCE_SECONDS)
    return False


def test_torn_network_ends_connections_and_takes_none_until_it_is_back(link: Link) -> None:
    with connected(link) as before:
        assert answer(before) == b"meow"
        link.cut(Cut.TORN)

        assert answer(before) == b""
    with connected(link) as meanwhile:
        assert answer(meanwhile) == b""
    link.heal()
    with connected(link) as after:
        assert answer(after) == b"meow"


def test_silent_network_keeps_what_was_sent_until_it_is_back(link: Link) -> None:
    with connected(link) as connection:
        assert answer(connection) == b"meow"
        link.cut(Cut.SILENT)
        connection.sendall(b"purr")

        assert is_silent(connection)
        link.heal()
        assert connection.recv(1024) == b"purr"


def test_forgotten_connection_ends_when_the_network_is_back(link: Link) -> None:
    with connected(link) as connection:
        assert answer(connection) == b"meow"
        link.cut(Cut.FORGOTTEN)

        assert is_silent(connection)
        link.heal()
        assert connection.recv(1024) == b""


def test_address_leads_through_the_network(link: Link) -> None:
    target = link._target

    assert link.through(f"amqp://guest@127.0.0.1:{target}//") == f"amqp://guest@127.0.0.1:{link.port}//"
