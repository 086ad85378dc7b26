"""Errors of the engine: raised where the fact is known, turned into HTTP in routes/errors.py.

Codes are Transloadit's, because clients decide by them what to do next. The SDKs' helpers would not take a
code of our own as final.
"""

from __future__ import annotations

import errno
from typing import Any


class AssemblyError(Exception):
    """Failure of an assembly or a request, with a message of one sentence for the person who asked.

    code: from Transloadit's list; status: of the HTTP answer; retryable: whether another attempt may help.
    step: the step that failed, when there is one; details: further keys for the status JSON (no secrets).
    """

    code = "INTERNAL_COMMAND_ERROR"
    status = 500
    retryable = False

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        step: str | None = None,
        retryable: bool | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code or type(self).code
        self.step = step
        self.retryable = type(self).retryable if retryable is None else retryable
        self.details = details or {}


class BadRequest(AssemblyError):
    """The request cannot be understood or is not allowed as it stands."""

    code, status = "INVALID_FORM_DATA", 400


class NotFound(AssemblyError):
    code, status = "SERVER_404", 404


class JobFailed(AssemblyError):
    """A job of an assembly ended without its outputs."""


class TryLater(AssemblyError):
    """The engine is short of something for the moment; the same request may succeed soon."""

    # pytransloadit waits and asks again at this code.
    code, status, retryable = "RATE_LIMIT_REACHED", 503, True


class RateLimited(TryLater):
    """As TryLater, for clients that wait at 429 alone, as Uppy and the npm SDK do."""

    status = 429


# The disk is full, its quota is used up, or a file is larger than it may be.
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


NO_ROOM = "There is no room left on the disk. The work can be done again once there is."


class DiskFull(AssemblyError):
    # 507, not 4xx: tus clients take a 4xx as final and would throw away a resumable upload.
    code, status, retryable = "TRANSIENT_STORAGE_SERVICE_ERROR", 507, True


class FileTooLargeForDisk(DiskFull):
    """There is room on the disk, but not for that much."""
