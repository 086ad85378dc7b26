"""Errors of Kafka's client in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ssl import SSLCertVerificationError

from aiokafka.errors import KafkaConnectionError, SaslAuthenticationFailed, UnsupportedSaslMechanismError

from cattube_worker.queues.address import QueueAddress
from cattube_worker.queues.queue import QueueError, QueueRefused
from cattube_worker.queues.tls import certificate_refused


@contextmanager
def in_words(address: QueueAddress) -> Iterator[None]:
    """Raise what goes wrong as a QueueError."""
    try:
        yield
    except QueueError:
        raise
    except SSLCertVerificationError as error:
        raise certificate_refused(address, error) from error
    except SaslAuthenticationFailed as error:
        raise QueueRefused(f"Kafka refuses {address}: {_reason(error)}") from error
    except UnsupportedSaslMechanismError as error:
        raise QueueRefused(f"Kafka refuses {address}: it takes no sasl={address.sasl}") from error
    except KafkaConnectionError as error:
        question = "is one running, and are TLS, user and password as it wants them?"
        raise QueueError(f"{address} cannot be used: no broker lets us in; {question}") from error
    except TimeoutError as error:
        raise QueueError(f"{address} cannot be used: no answer came in time") from error
    except Exception as error:
        # The client raises others than its own, as UnicodeDecodeError for a header of strange bytes.
        raise QueueError(f"{address} cannot be used: {error} ({type(error).__name__})") from error


def _reason(error: SaslAuthenticationFailed) -> str:
    """What the broker says, if it says something."""
    return str(error.args[0] if error.args and error.args[0] else error.description).rstrip(".")
