"""Connections to Kafka: how every client is set up, and why brokers do not let one in."""

from __future__ import annotations

from ssl import SSLCertVerificationError
from typing import Any

from aiokafka.conn import create_conn
from aiokafka.errors import KafkaError, SaslAuthenticationFailed, UnsupportedSaslMechanismError

from cattube.queues.address import QueueAddress
from cattube.queues.tls import tls_context

# Of one question to a broker.
ANSWER_SECONDS = 15.0
# What no later attempt changes.
REFUSALS = (SSLCertVerificationError, SaslAuthenticationFailed, UnsupportedSaslMechanismError)


def connection_settings(address: QueueAddress) -> dict[str, Any]:
    """Settings of every client: where the brokers are, and how they know us. Raises QueueRefused."""
    servers = [f"{host}:{port}" for host, port in address.servers]
    return {"bootstrap_servers": servers, **_door_settings(address)}


async def check_doors(address: QueueAddress) -> None:
    """Raise the first of REFUSALS that brokers meet us with: the client logs it and tells nobody."""
    for host, port in address.servers:
        try:
            connection = await create_conn(host, port, **_door_settings(address))
        except REFUSALS:
            raise
        except (OSError, KafkaError):
            continue
        await connection.close()


def _door_settings(address: QueueAddress) -> dict[str, Any]:
    security = f"{'SASL_' if address.user else ''}{'SSL' if address.is_tls else 'PLAINTEXT'}"
    return {
        "client_id": "cattube",
        "request_timeout_ms": int(ANSWER_SECONDS * 1000),
        "security_protocol": security,
        "ssl_context": tls_context(address) if address.is_tls else None,
        "sasl_mechanism": address.sasl,
        "sasl_plain_username": address.user or None,
        "sasl_plain_password": address.password or None,
    }
