"""botocore's HTTP session for hosts that clients name: it connects to the address that was checked (W14).

Leans on `_manager` of botocore and `_new_conn` of urllib3, since neither has a public way to choose the
address of a connection. docs/decisions.md lists both, and tests/test_private_names.py guards them.
"""

from __future__ import annotations

import socket
from typing import Any

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from botocore.httpsession import URLLib3Session
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from cattube_worker.outbound.http import Outbound


class GuardedSession(URLLib3Session):  # type: ignore[misc]  # botocore has no types
    """Session that connects only to addresses which `outbound` resolved and allows.

    A name that resolves to another address after the check gains nothing.
    """

    def __init__(self, outbound: Outbound, **options: Any) -> None:
        super().__init__(**options)
        self._manager.pool_classes_by_scheme = {
            "http": _guarded_pool(AWSHTTPConnectionPool, AWSHTTPConnection, outbound),
            "https": _guarded_pool(AWSHTTPSConnectionPool, AWSHTTPSConnection, outbound),
        }


def _guarded_pool(pool: type, connection: type, outbound: Outbound) -> type:
    class GuardedConnection(connection):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            return _connect(self, outbound)

    return type("GuardedPool", (pool,), {"ConnectionCls": GuardedConnection})


def _connect(connection: Any, outbound: Outbound) -> socket.socket:
    """Socket to the first address that answers. Raises ForbiddenAddress, urllib3's errors.

    The connection keeps the name: TLS asks for a certificate of it.
    """
    host, port = connection.host, connection.port
    try:
        addresses = outbound.addresses_of(host, port)
    except OSError as error:
        raise NameResolutionError(host, connection, socket.gaierror(*error.args)) from error
    failure: OSError | None = None
    for address in addresses:
        try:
            return create_connection(
                (address, port),
                connection.timeout,
                source_address=connection.source_address,
                socket_options=connection.socket_options,
            )
        except TimeoutError as error:
            raise ConnectTimeoutError(connection, f"{host} did not answer in time") from error
        except OSError as error:
            failure = error
    reason = f"{host} has no address" if failure is None else f"{host} could not be connected to: {failure}"
    raise NewConnectionError(connection, reason) from failure
