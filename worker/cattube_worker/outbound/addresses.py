"""Addresses that the engine may contact for a stranger (W12)."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from cattube_worker.outbound.errors import ForbiddenAddress

# Addresses through which a network's translator reaches the IPv4 address in the last 32 bits.
_NAT64 = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48")))


def resolve(host: str, port: int) -> list[str]:
    """IP addresses of a host. Raises OSError."""
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def is_public(address: str) -> bool:
    """Tell if an IP address may be contacted for a stranger."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in _NAT64):
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def check_url(url: str) -> None:
    """Check that a URL is plain HTTP, without a user. Raises ForbiddenAddress."""
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None
        _ = parts.port
    except ValueError:
        is_plain = False
    if not is_plain or not url.isascii() or not url.isprintable():
        raise ForbiddenAddress("Only plain http:// and https:// addresses may be asked.")
