"""Clients, told from one another by their addresses and by the owners of assemblies."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

from flask import request

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.senders.sender import Sender
from cattube_worker.database import Database
from cattube_worker.execution.job_files.held_uploads import HeldUploads
from cattube_worker.routes.services import service

# Header in which another host tells, and signs, the network of the client whose request it hands on.
CLIENT = "CatTube-Client"


def own_network() -> str | None:
    """The network of the client that sends this request, be it by another host."""
    if CLIENT in request.headers:
        told = service(HeldUploads).client_of(request.path, request.headers[CLIENT])
        if told is not None:
            return told or None
    return client_network(request.remote_addr)


def holders_of(assembly_id: str) -> tuple[str, ...]:
    """Those for whom a request about this assembly counts: its owner, and the client's address."""
    with service(Database).read() as session:
        owner = repository.owner_of(session, assembly_id)
    return Sender(owner=owner, network=own_network()).holders


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


class SocketAddress:
    """WSGI application whose clients come by WORKER_SOCKET, on which only the front can send X-Real-IP."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        named = environ.pop("HTTP_X_REAL_IP", "")
        if not environ.get("REMOTE_ADDR"):
            environ["REMOTE_ADDR"] = named
        return self._application(environ, start_response)
