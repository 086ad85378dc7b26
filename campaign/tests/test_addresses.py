"""Addresses for the campaign's hosts."""

from __future__ import annotations

from ipaddress import IPv4Network
from random import Random

import pytest
from campaign.network.addresses import free_network, used_networks


def test_routes_and_own_addresses_are_used_and_the_rest_of_the_world_is_not() -> None:
    routes = [
        {"dst": "default", "gateway": "192.0.2.1"},
        {"dst": "0.0.0.0/1", "dev": "tun0"},
        {"dst": "192.0.2.0/24", "dev": "eth0"},
        {"dst": "10.1.2.3", "type": "local"},
    ]

    assert used_networks(routes) == [IPv4Network("192.0.2.0/24"), IPv4Network("10.1.2.3/32")]


@pytest.mark.parametrize(
    ("used", "pool"),
    [
        ([], "10.0.0.0/8"),
        (["10.0.0.0/9", "10.128.0.7/32"], "10.128.0.0/9"),
        (["10.0.0.0/8"], "172.16.0.0/12"),
        (["10.0.0.0/8", "172.16.0.0/12"], "192.168.0.0/16"),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_network_is_private_and_nothing_uses_it(used: list[str], pool: str, seed: int) -> None:
    taken = [IPv4Network(name) for name in used]
    network = free_network(taken, Random(seed))

    assert network.prefixlen == 24
    assert network.subnet_of(IPv4Network(pool))
    assert not any(network.overlaps(other) for other in taken)


def test_machine_whose_private_networks_are_all_used_has_none() -> None:
    taken = [IPv4Network(name) for name in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]

    with pytest.raises(LookupError):
        free_network(taken, Random(1))
