"""Connections to RabbitMQ, and the queues that are there."""

from __future__ import annotations

import ssl
from contextlib import suppress
from typing import Any

import kombu
from amqp import exceptions as amqp_errors

from cattube_worker.queues.address import QueueAddress
from cattube_worker.queues.amqp.errors import LOST
from cattube_worker.queues.tls import tls_context

CONNECT_SECONDS = 5.0


def connect(address: QueueAddress, *, heartbeat_seconds: int = 0) -> kombu.Connection:
    """Connection to the first broker that answers. Raises what `in_words` has words for."""
    for number, (host, port) in enumerate(address.servers, 1):
        connection = kombu.Connection(
            hostname=host,
            port=port,
            userid=address.user or "guest",
            password=address.password or "guest",
            virtual_host=address.vhost,
            ssl=_tls(address, host) if address.is_tls else False,
            heartbeat=heartbeat_seconds,
            connect_timeout=CONNECT_SECONDS,
            transport_options={"confirm_publish": True},
        )
        try:
            connection.ensure_connection(max_retries=0, reraise_as_library_errors=False)
        except OSError:
            disconnect(connection)
            if number == len(address.servers):
                raise
        else:
            break
    return connection


def _tls(address: QueueAddress, host: str) -> dict[str, Any]:
    tls_context(address)  # kombu makes its own, and has no words for what is wrong
    authority = {"ca_certs": address.ca_file} if address.ca_file else {}
    return {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": host, **authority}


def find_queue(connection: kombu.Connection, name: str) -> Any:
    """What the broker tells of the queue; None when it is not there."""
    channel = connection.channel()
    try:
        return channel.queue_declare(name, passive=True)
    except amqp_errors.NotFound:
        return None
    finally:
        connection.maybe_close_channel(channel)


def disconnect(connection: kombu.Connection) -> None:
    with suppress(*LOST):
        connection.close()
