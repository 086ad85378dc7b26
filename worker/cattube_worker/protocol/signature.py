"""Signatures of params and notifications, as Transloadit makes them."""

from __future__ import annotations

import hmac

from cattube_worker.errors import BadRequest

ALGORITHMS = ("sha1", "sha224", "sha256", "sha384", "sha512")


class InvalidSignature(BadRequest):
    code, status = "INVALID_SIGNATURE", 400


def sign(text: str, *, secret: str, algorithm: str = "sha384") -> str:
    """The signature of `text`: "sha384:<hex>", or bare SHA-1 hex for algorithm "sha1-bare"."""
    if algorithm == "sha1-bare":
        return _digest(text, secret, "sha1")
    return f"{algorithm}:{_digest(text, secret, algorithm)}"


def verify(text: str, signature: str, *, secret: str, allow_sha1: bool = True) -> None:
    """Check that the holder of `secret` signed `text`.

    text: the form field exactly as received; parsing and re-dumping changes the digest.
    signature: "<algorithm>:<hex>"; bare hex means sha1.
    allow_sha1: whether a signature of SHA-1 counts at all.
    Raises InvalidSignature. Source: Transloadit docs, "Signature Authentication".
    """
    algorithm, _, digest = signature.rpartition(":")
    algorithm = algorithm or "sha1"
    if algorithm not in ALGORITHMS:
        raise InvalidSignature(f"The signature must begin with one of {', '.join(ALGORITHMS)} and a colon.")
    if algorithm == "sha1" and not allow_sha1:
        raise InvalidSignature(
            "Signatures of SHA-1 are not accepted here. Sign with sha384, or ask the operator for "
            "ALLOW_SHA1_SIGNATURES."
        )
    # Compared as bytes: compare_digest refuses text that is not ASCII.
    if not hmac.compare_digest(_digest(text, secret, algorithm).encode(), digest.encode()):
        raise InvalidSignature("The signature does not fit the params. Check the secret it was made with.")


def _digest(text: str, secret: str, algorithm: str) -> str:
    return hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), algorithm).hexdigest()
