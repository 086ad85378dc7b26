"""botocore's way to hosts that clients name: what is connected to is what was judged (W14)."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from botocore.httpsession import URLLib3Session
from urllib3.exceptions import NameResolutionError, NewConnectionError

from cattube_worker.outbound.http import Outbound


class GuardedSession(URLLib3Session):  # type: ignore[misc]  # botocore has no types
    """Connects only to addresses that `outbound` allows, which it resolves itself.

    A name that changes its mind between the check and the connection gains nothing.
    """

    def __init__(self, outbound: Outbound, **options: Any) -> None:
        super().__init__(**options)
        self._manager.pool_classes_by_scheme = {
            "http": _guarded(AWSHTTPConnectionPool, AWSHTTPConnection, outbound),
            "https": _guarded(AWSHTTPSConnectionPool, AWSHTTPSConnection, outbound),
        }


def _guarded(pool: type, connection: type, outbound: Outbound) -> type:
    class Connection(connection):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            return _connect(self, super()._new_conn, outbound)

    return type("GuardedPool", (pool,), {"ConnectionCls": Connection})


def _connect(connection: Any, connect: Callable[[], socket.socket], outbound: Outbound) -> socket.socket:
    """The first address that answers, by way of urllib3's own code. Raises ForbiddenAddress."""
    name = connection._dns_host
    try:
        addresses = outbound.addresses_of(name, connection.port)
    except OSError as error:
        raise NameResolutionError(name, connection, socket.gaierror(*error.args)) from error
    failure: NewConnectionError | None = None
    try:
        for address in addresses:
            connection._dns_host = address
            try:
                return connect()
            except NewConnectionError as error:
                failure = error
    finally:
        connection._dns_host = name  # TLS asks for a certificate of the name
    raise failure or NewConnectionError(connection, f"{name} has no address")
