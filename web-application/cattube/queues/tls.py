"""TLS to brokers: whose certificates hold, and what is wrong with one that does not."""

from __future__ import annotations

import ssl

from cattube.queues.address import QueueAddress
from cattube.queues.queue import QueueRefused


def tls_context(address: QueueAddress) -> ssl.SSLContext:
    """Context that trusts the authority of the address, or those of the machine. Raises QueueRefused."""
    try:
        return ssl.create_default_context(cafile=address.ca_file or None)
    except OSError as error:  # of which kind those of ssl are, too
        reason = error.strerror or error
        raise QueueRefused(
            f"{address} cannot be used: {address.ca_file} has no certificate of an authority ({reason})"
        ) from error


def certificate_refused(address: QueueAddress, error: ssl.SSLCertVerificationError) -> QueueRefused:
    """The refusal by us of a broker whose certificate does not hold."""
    reason = error.verify_message.rstrip(".")
    return QueueRefused(
        f"{address} cannot be used: its certificate does not hold ({reason}); "
        "ca=FILE in its address names the authority that signed it"
    )
