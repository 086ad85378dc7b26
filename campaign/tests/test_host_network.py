"""Hosts in network namespaces of their own: what they reach, and what is left of them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest
from campaign.network.commands import NamespacesRefused, ip, link_names, namespace_names
from campaign.network.host_network import HostNetwork, host_network, remove_abandoned, try_host_network
from campaign.network.names import bridge_name, host_name
from campaign.network.namespace import End
from servers.bounded_process import bounded_process
from servers.relay import LOOPBACK, Relay

PATIENCE_SECONDS = 30.0
# Nothing comes: long enough to see that, and no test fails by it.
SILENCE_SECONDS = 0.2
# Says its interfaces, and then what it gets from an address, line by line.
HOST = """
import socket, sys
print(*sorted(name for _, name in socket.if_nameindex()), flush=True)
with socket.create_connection((sys.argv[1], int(sys.argv[2])), 30) as connection:
    connection.settimeout(None)
    for line in connection.makefile():
        print(line, end="", flush=True)
        connection.sendall(line.encode())
print("end", flush=True)
"""


@pytest.fixture(scope="module", autouse=True)
def _namespaces() -> None:
    try:
        try_host_network()
    except NamespacesRefused as error:
        pytest.skip(f"needs network namespaces: {error}")


@pytest.fixture
def network() -> Iterator[HostNetwork]:
    with host_network(["roof", "fence"]) as network:
        yield network


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """What only this machine itself reaches."""
    with closing(socket.create_server((LOOPBACK, 0))) as listener:
        listener.settimeout(PATIENCE_SECONDS)
        yield listener


@pytest.fixture
def relay(network: HostNetwork, server: socket.socket) -> Iterator[Relay]:
    with closing(Relay(server.getsockname()[1], address=network.address)) as relay:
        yield relay


def is_silent(connection: socket.socket) -> bool:
    connection.settimeout(SILENCE_SECONDS)
    try:
        connection.recv(1024)
    except TimeoutError:
        return True
    finally:
        connection.settimeout(PATIENCE_SECONDS)
    return False


@pytest.mark.parametrize("end", End)
def test_host_that_is_cut_off_from_all_hears_of_no_end_and_goes_on_when_it_is_back(
    network: HostNetwork, server: socket.socket, relay: Relay, end: End
) -> None:
    roof = network.namespaces["roof"]
    argv = [*roof.entry, sys.executable, "-c", HOST, relay.address, str(relay.port)]
    with bounded_process(argv, stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        assert host.stdout.readline() == "eth0 lo\n"
        connection, _ = server.accept()
        connection.settimeout(PATIENCE_SECONDS)
        connection.sendall(b"meow\n")
        assert connection.recv(1024) == b"meow\n"

        roof.cut(end)
        connection.sendall(b"purr\n")
        assert is_silent(connection)
        roof.heal()
        assert connection.recv(1024) == b"purr\n"
        connection.close()
        assert host.stdout.read() == "meow\npurr\nend\n"


def test_host_does_not_reach_what_listens_on_the_loopback_of_the_machine(
    network: HostNetwork, server: socket.socket
) -> None:
    argv = [sys.executable, "-c", HOST, LOOPBACK, str(server.getsockname()[1])]
    done = subprocess.run(
        [*network.namespaces["fence"].entry, *argv], capture_output=True, text=True, check=False
    )

    assert "ConnectionRefusedError" in done.stderr


@pytest.mark.usefixtures("network")
def test_what_a_killed_campaign_left_is_removed_and_what_runs_is_kept() -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    left = [bridge_name(ended.pid), host_name(ended.pid, 1)]
    ip("link", "add", left[0], "type", "bridge")
    ip("netns", "add", left[1])
    remove_abandoned()

    names = {*link_names(), *namespace_names()}
    assert names.isdisjoint(left)
    assert {bridge_name(os.getpid()), host_name(os.getpid(), 1), host_name(os.getpid(), 2)} <= names


def test_nothing_is_left_of_a_network_though_a_host_runs_on() -> None:
    with host_network(["roof"]) as network:
        host = subprocess.Popen([*network.namespaces["roof"].entry, "sleep", "60"])
    try:
        names = {*link_names(), *namespace_names()}
        assert names.isdisjoint({bridge_name(os.getpid()), host_name(os.getpid(), 1)})
    finally:
        host.kill()
        host.wait()
