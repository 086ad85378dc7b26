"""A network of hosts: each in a namespace of its own, on a bridge at which this machine is, too."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Interface
from pathlib import Path
from random import Random

from servers.relay import LOOPBACK

from campaign.network.addresses import free_network, used_networks
from campaign.network.commands import NamespacesRefused, ip, link_names, namespace_names, routes
from campaign.network.names import abandoned, bridge_name, host_name
from campaign.network.namespace import Namespace

_CALL = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)"


@dataclass(frozen=True)
class HostNetwork:
    """address: of this machine, as hosts reach it. namespaces: by host; none where hosts are processes."""

    address: str = LOOPBACK
    namespaces: Mapping[str, Namespace] = field(default_factory=dict)


@contextmanager
def host_network(hosts: Sequence[str]) -> Iterator[HostNetwork]:
    """A namespace for each of these. What campaigns left that were killed is removed.

    Raises NamespacesRefused.
    """
    if os.geteuid() != 0:
        raise NamespacesRefused("only root may make them")
    if shutil.which("nsenter") is None:
        raise NamespacesRefused("`nsenter`, of util-linux, is not installed")
    remove_abandoned()
    own, *others = _addresses(1 + len(hosts))
    bridge = bridge_name(os.getpid())
    namespaces = {name: Namespace(host_name(os.getpid(), number)) for number, name in enumerate(hosts, 1)}
    with ExitStack() as held:
        held.callback(_remove_link, bridge)
        ip("link", "add", bridge, "type", "bridge")
        ip("address", "add", str(own), "dev", bridge)
        ip("link", "set", bridge, "up")
        for namespace, address in zip(namespaces.values(), others, strict=True):
            held.callback(namespace.remove)
            namespace.make(address, bridge=bridge)
        yield HostNetwork(str(own.ip), namespaces)


def try_host_network() -> None:
    """Make one, and have a host in it call this machine. Raises NamespacesRefused."""
    with host_network(["trial"]) as network, closing(socket.create_server((network.address, 0))) as server:
        call = [sys.executable, "-c", _CALL, *map(str, server.getsockname())]
        done = subprocess.run([*network.namespaces["trial"].entry, *call], capture_output=True, check=False)
        if done.returncode:
            raise NamespacesRefused("from one, this machine cannot be reached")


def remove_abandoned() -> None:
    """Remove what campaigns left that do not run any more. Raises NamespacesRefused."""
    for name in abandoned({*link_names(), *namespace_names()}, _is_running):
        Namespace(name).remove()


def _addresses(count: int) -> list[IPv4Interface]:
    """The first addresses of a network that nothing uses. Raises NamespacesRefused."""
    try:
        network = free_network(used_networks(routes()), Random())
    except LookupError as error:
        raise NamespacesRefused(str(error)) from error
    return [IPv4Interface((network[number], network.prefixlen)) for number in range(1, count + 1)]


def _remove_link(name: str) -> None:
    with suppress(NamespacesRefused):
        ip("link", "delete", name)


def _is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
