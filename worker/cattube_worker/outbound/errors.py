"""Errors of requests to addresses that clients name."""

from __future__ import annotations

from cattube_worker.errors import AssemblyError


class OutboundError(AssemblyError):
    """The host could not be reached, or did not answer as it should."""

    code, status, retryable = "FILE_DOWNLOAD_ERROR", 400, True
    answered: int | None = None  # the status of HTTP, when there was an answer


class ForbiddenAddress(OutboundError):
    """The address belongs to this machine or to a private network."""

    retryable = False
