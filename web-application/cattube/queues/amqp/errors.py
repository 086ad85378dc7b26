"""Errors of RabbitMQ's client in words."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from amqp import exceptions as amqp_errors

from cattube.queues.address import QueueAddress
from cattube.queues.queue import QueueError, QueueRefused
from cattube.queues.tls import certificate_refused

# pyamqp raises AttributeError when it loses its connection while it reads; kombu says so.
LOST = (amqp_errors.AMQPError, OSError, AttributeError)
REFUSALS = (amqp_errors.AccessRefused, amqp_errors.NotAllowed, amqp_errors.PreconditionFailed)


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
