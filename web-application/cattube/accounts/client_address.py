"""Address of a client, as limits count it."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

# What one line has: whoever has one IPv6 address there has all of them.
IPV6_PREFIX_BITS = 64


def client_address(request: HttpRequest) -> str:
    """Address of the client; with TRUST_PROXY, that of the proxy. "unknown" where a socket has none."""
    try:
        return prefix_of(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # allauth's word for an address that is none
        return prefix_of(request.META.get("REMOTE_ADDR", "")) or "unknown"


def prefix_of(address: str) -> str:
    """IPv4 address, or the /64 network of an IPv6 one; what is neither stays as it is."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address[:45]
    if not isinstance(ip, IPv6Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ip_network((ip.packed, IPV6_PREFIX_BITS), strict=False).network_address)
