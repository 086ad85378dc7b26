"""The checksum extension: the bytes of a PATCH count only if their digest is the client's."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cattube_worker.tus.protocol import Headers, TusError

# The protocol demands sha1 of every server. A checksum guards against accidents here, not against attacks.
ALGORITHMS = ("sha1", "md5", "sha256", "sha512")


class ChecksumMismatch(TusError):
    """The digest of the bytes is another one. The status is the extension's own."""

    status = 460


@dataclass(frozen=True)
class Checksum:
    """Expected digest of a request's body. algorithm: one of ALGORITHMS."""

    algorithm: str
    digest: bytes


def read_checksum(headers: Headers) -> Checksum | None:
    """Checksum in Upload-Checksum, "<algorithm> <base64>"; None without one. Raises TusError."""
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
