"""Connections to RabbitMQ: quorum queues, publications that the broker confirms, and errors in words."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import kombu
from amqp import exceptions as amqp_errors

from cattube.queues.address import QueueAddress
from cattube.queues.queue import Message, QueueError, QueueRefused
from cattube.queues.tls import certificate_refused, tls_context

CONNECT_SECONDS = 5.0
CONFIRM_SECONDS = 15.0
# Messages on the way to one receiver: those that wait for another try are among them.
PREFETCH = 100
# pyamqp raises AttributeError when it loses its connection while it reads; kombu says so.
LOST = (amqp_errors.AMQPError, OSError, AttributeError)
REFUSALS = (amqp_errors.AccessRefused, amqp_errors.NotAllowed, amqp_errors.PreconditionFailed)


class Line:
    """Connection to one of the brokers, on which the queue and its dead letters are there."""

    def __init__(self, address: QueueAddress, *, heartbeat_seconds: int = 0) -> None:
        self._connection = connect(address, heartbeat_seconds=heartbeat_seconds)
        try:
            dead = address.dead_letters.name
            # What the broker itself gives up, as after many deliveries, goes there too.
            give_up = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead}
            _ensure(self._connection, dead, {})
            _ensure(self._connection, address.name, give_up)
            self._producer = self._connection.Producer()
        except BaseException:
            self.close()
            raise

    def publish(self, name: str, message: Message) -> None:
        headers = dict(message.headers)
        self._producer.publish(
            message.body,
            routing_key=name,
            exchange="",
            delivery_mode="persistent",
            mandatory=True,  # a queue that was deleted meanwhile is an error, not a loss
            content_type=headers.pop("content-type", "application/octet-stream"),
            content_encoding="binary",
            headers=headers,
            timeout=CONFIRM_SECONDS,
            confirm_timeout=CONFIRM_SECONDS,
        )

    def consume(self, name: str, on_message: Callable[[Any], object]) -> None:
        channel = self._connection.channel()
        channel.basic_qos(0, PREFETCH, False)
        consumer = self._connection.Consumer(
            queues=[kombu.Queue(name, no_declare=True)],
            channel=channel,
            on_message=on_message,
            auto_declare=False,
        )
        consumer.consume()

    def wait(self, seconds: float) -> None:
        """Wait for the next event of the broker's."""
        with suppress(TimeoutError):
            self._connection.drain_events(timeout=seconds)
        self._connection.heartbeat_check()

    def close(self) -> None:
        """End the connection in peace: the broker has got all that was said."""
        disconnect(self._connection)

    def drop(self) -> None:
        """Drop the connection at once: a broker in trouble would have us wait for its farewell."""
        self._connection.collect()


@contextmanager
def in_words(address: QueueAddress) -> Iterator[None]:
    """Raise what goes wrong as a QueueError."""
    try:
        yield
    except REFUSALS as error:
        raise QueueRefused(f"RabbitMQ refuses {address}: {error.reply_text or error}") from error
    except ssl.SSLCertVerificationError as error:
        raise certificate_refused(address, error) from error
    except QueueError:
        raise
    except TimeoutError as error:
        raise QueueError(f"{address} cannot be used: no answer came in time") from error
    except Exception as error:  # kombu raises others than those of LOST for what it cannot read
        reason = getattr(error, "reply_text", None) or error
        raise QueueError(f"{address} cannot be used: {reason} ({type(error).__name__})") from error


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


def _ensure(connection: kombu.Connection, name: str, arguments: dict[str, str]) -> None:
    """Make the queue, unless it is there: then it may be as its operator likes it."""
    if find_queue(connection, name) is None:
        with connection.channel() as channel:
            channel.queue_declare(
                name,
                durable=True,
                auto_delete=False,
                arguments={"x-queue-type": "quorum", **arguments},
            )


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
