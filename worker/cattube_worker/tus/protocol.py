"""Headers of tus 1.0 and their rules. Source: tus.io, "Resumable upload protocol 1.0.x"."""

from __future__ import annotations

import re
from typing import Protocol

from cattube_worker.errors import AssemblyError

VERSION = "1.0.0"
EXTENSIONS = ",".join(
    (
        "creation",
        "creation-with-upload",
        "creation-defer-length",
        "termination",
        "expiration",
        "checksum",
        "concatenation",
    )
)
CONTENT_TYPE = "application/offset+octet-stream"
MAX_LENGTH = 2**63 - 1


class Headers(Protocol):
    """A request's headers, whatever their case; one sent twice reads as both, joined by a comma."""

    def get(self, key: str, /) -> str | None: ...

    def __contains__(self, key: str, /) -> bool: ...


class TusError(AssemblyError):
    """A request that the protocol does not allow."""

    code, status = "INVALID_FORM_DATA", 400


class VersionMissing(TusError):
    status = 412


class Forbidden(TusError):
    status = 403


class WrongContentType(TusError):
    status = 415


class WrongOffset(TusError):
    status = 409


class UploadLocked(TusError):
    status, retryable = 423, True


class TooLarge(TusError):
    code, status = "MAX_SIZE_EXCEEDED", 413


class UploadGone(TusError):
    code, status = "SERVER_404", 404


def check_version(headers: Headers) -> None:
    """Check that the client speaks our version. Raises VersionMissing."""
    if headers.get("Tus-Resumable") != VERSION:
        raise VersionMissing(f"Send the header Tus-Resumable: {VERSION}.")


def check_content_type(headers: Headers) -> None:
    """Check the type of a body of bytes. Raises WrongContentType."""
    if headers.get("Content-Type") != CONTENT_TYPE:
        raise WrongContentType(f"Send the bytes as Content-Type: {CONTENT_TYPE}.")


def read_length(headers: Headers) -> int | None:
    """Announced size in bytes; None while the client defers it. Raises TusError."""
    deferred = headers.get("Upload-Defer-Length")
    if deferred is None:
        return read_number(headers, "Upload-Length")
    if deferred != "1" or "Upload-Length" in headers:
        raise TusError("Upload-Defer-Length must be 1, and comes without Upload-Length.")
    return None


def read_number(headers: Headers, name: str) -> int:
    """Number of bytes in the header `name`. Raises TusError."""
    text = headers.get(name) or ""
    # A header sent twice arrives joined by a comma, and is refused here too.
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > MAX_LENGTH:
        raise TusError(f"{name} must be one whole number of bytes.")
    return int(text)


def read_late_length(headers: Headers, known: int | None) -> int | None:
    """Size in bytes after a PATCH: the known one, or the one that it declares. Raises TusError."""
    if "Upload-Length" not in headers:
        return known
    declared = read_number(headers, "Upload-Length")
    if known is not None and declared != known:
        raise TusError(f"Upload-Length was declared as {known} before and cannot change.")
    return declared
