"""The address of a client, as far as it tells one client from another."""

from __future__ import annotations

import ipaddress


def client_network(remote_addr: str | None) -> str | None:
    """What counts as one client: an IPv4 address, or a network of 64 bits of IPv6, as homes have it.

    None for this machine: a proxy that runs on it stands for everybody.
    """
    try:
        address = ipaddress.ip_address((remote_addr or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return None
    bits = 64 if address.version == 6 else 32
    return str(ipaddress.ip_network((address, bits), strict=False))
