"""The checksum extension: what a PATCH brings counts only if it is what the client sent."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cattube_worker.tus.protocol import Headers, TusError

# sha1 is what the protocol demands of every server; it guards against accidents here, not against people.
ALGORITHMS = ("sha1", "md5", "sha256", "sha512")


class ChecksumMismatch(TusError):
    """The bytes are not those that were sent. The status is the extension's own."""

    status = 460


@dataclass(frozen=True)
class Checksum:
    """What the body of a request has to add up to. algorithm: one of ALGORITHMS."""

    algorithm: str
    digest: bytes


def read_checksum(headers: Headers) -> Checksum | None:
    """The checksum in Upload-Checksum, "<algorithm> <base64>"; None without one. Raises TusError."""
    header = headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _, encoded = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise TusError(f"Upload-Checksum must begin with one of {', '.join(ALGORITHMS)}.")
    try:
        return Checksum(algorithm, base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        raise TusError("Upload-Checksum must be an algorithm, a blank and a digest in base64.") from None
