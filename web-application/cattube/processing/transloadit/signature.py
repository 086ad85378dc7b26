"""Transloadit's signatures: HMAC over the exact text. Pure."""

import hashlib
import hmac

from cattube.errors import SiteError

ALGORITHM = "sha384"
# sha1, and bare hex which means sha1, are refused: no engine that reports to us needs them.
ACCEPTED = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


class InvalidSignature(SiteError):
    code, status = "INVALID_SIGNATURE", 403

    def __init__(self) -> None:
        super().__init__("The signature does not belong to this text and our secret.")


def sign(text: str, *, secret: str) -> str:
    """Signature `sha384:<hex>` over exactly `text`."""
    return f"{ALGORITHM}:{_hex(text, secret, ALGORITHM)}"


def verify(text: str, signature: str, *, secret: str) -> None:
    """Check that the holder of `secret` signed `text`.

    text: the form field exactly as received; parsing and writing it again changes the digest.
    signature: "<algorithm>:<hex>" with an algorithm of ACCEPTED.
    Raises InvalidSignature.
    Source: Transloadit docs, "Signature Authentication".
    """
    algorithm, _, digest = signature.partition(":")
    if algorithm not in ACCEPTED:
        raise InvalidSignature
    if not hmac.compare_digest(_hex(text, secret, algorithm).encode(), digest.encode()):
        raise InvalidSignature


def _hex(text: str, secret: str, algorithm: str) -> str:
    return hmac.new(secret.encode(), text.encode(), ACCEPTED[algorithm]).hexdigest()
