"""The network before a server: what passes while it is cut, and afterwards."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
from servers.relay import Cut, Relay

PATIENCE_SECONDS = 30.0
# Nothing comes: long enough to see that, and no test fails by it.
SILENCE_SECONDS = 0.2


@pytest.fixture
def relay() -> Iterator[Relay]:
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
    with closing(Relay(listener.getsockname()[1])) as relay:
        yield relay
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def connected(relay: Relay) -> socket.socket:
    return socket.create_connection(("127.0.0.1", relay.port), PATIENCE_SECONDS)


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


def test_torn_network_ends_connections_and_takes_none_until_it_is_back(relay: Relay) -> None:
    with connected(relay) as before:
        assert answer(before) == b"meow"
        relay.cut(Cut.TORN)

        assert answer(before) == b""
    with connected(relay) as meanwhile:
        assert answer(meanwhile) == b""
    relay.heal()
    with connected(relay) as after:
        assert answer(after) == b"meow"


def test_silent_network_keeps_what_was_sent_until_it_is_back(relay: Relay) -> None:
    with connected(relay) as connection:
        assert answer(connection) == b"meow"
        relay.cut(Cut.SILENT)
        connection.sendall(b"purr")

        assert is_silent(connection)
        relay.heal()
        assert connection.recv(1024) == b"purr"


def test_forgotten_connection_ends_when_the_network_is_back(relay: Relay) -> None:
    with connected(relay) as connection:
        assert answer(connection) == b"meow"
        relay.cut(Cut.FORGOTTEN)

        assert is_silent(connection)
        relay.heal()
        assert connection.recv(1024) == b""


def test_address_leads_through_the_network(relay: Relay) -> None:
    target = relay._target

    assert relay.through(f"amqp://guest@127.0.0.1:{target}//") == f"amqp://guest@127.0.0.1:{relay.port}//"


def test_relay_takes_connections_at_the_address_that_it_is_given(relay: Relay) -> None:
    with closing(Relay(relay.port, address="127.0.0.2")) as other:
        assert other.through(f"http://127.0.0.1:{relay.port}/cat") == f"http://127.0.0.2:{other.port}/cat"

        with socket.create_connection(("127.0.0.2", other.port), PATIENCE_SECONDS) as connection:
            assert answer(connection) == b"meow"


def test_torn_connections_are_told_and_new_ones_taken(relay: Relay) -> None:
    with connected(relay) as before:
        assert answer(before) == b"meow"

        assert relay.tear() == 1
        assert answer(before) == b""
    with connected(relay) as after:
        assert answer(after) == b"meow"


def test_bytes_are_counted_in_both_directions(relay: Relay) -> None:
    with connected(relay) as one, connected(relay) as other:
        assert (answer(one), answer(other)) == (b"meow", b"meow")

    assert relay.passed_bytes == 4 * len(b"meow")
