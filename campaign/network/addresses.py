"""Addresses that nothing uses. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network
from random import Random
from typing import Any

# For private use, by RFC 1918.
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_PREFIX = 24
# A route that is as wide leads to everything else, as the default route does, and takes no address away.
_WIDEST_PREFIX = 4


def used_networks(routes: Sequence[Mapping[str, Any]]) -> list[IPv4Network]:
    """Networks and addresses that routes lead to, as `ip -json route` tells them."""
    networks = [IPv4Network(route["dst"]) for route in routes if route["dst"] != "default"]
    return [network for network in networks if network.prefixlen > _WIDEST_PREFIX]


def free_network(used: Iterable[IPv4Network], random: Random) -> IPv4Network:
    """A network of 256 private addresses, none of which is used. Raises LookupError when there is none."""
    taken = list(used)
    for pool in map(IPv4Network, _PRIVATE):
        count = 2 ** (_PREFIX - pool.prefixlen)
        for number in random.sample(range(count), count):
            network = IPv4Network((int(pool.network_address) + number * 256, _PREFIX))
            if not any(network.overlaps(other) for other in taken):
                return network
    raise LookupError("no private network is free")
