"""A server that speaks TLS and says nothing: for whoever looks at certificates alone."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from servers.certificates import Certificates


@contextmanager
def tls_server(certificates: Certificates, *, host: str = "127.0.0.1") -> Iterator[int]:
    """The port of a server that shows the certificate to whoever connects. host: an address of loopback."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=_show, args=(context, connection), daemon=True).start()

    with socket.create_server((host, 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def _show(context: ssl.SSLContext, connection: socket.socket) -> None:
    """Shake hands, and listen until the client goes."""
    with suppress(OSError), context.wrap_socket(connection, server_side=True) as line:
        while line.recv(1024):
            pass
