"""Errors about the files that a job needs."""

from __future__ import annotations

from cattube_worker.errors import AssemblyError, JobFailed


class BytesGone(JobFailed):
    """No host and no bucket has the bytes of an input any more."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The bytes of {name} are gone.", code="INTERNAL_COMMAND_ERROR")


class DamagedFile(AssemblyError):
    """What came of an input is not what was left for this job."""

    retryable = True


class SourceAway(AssemblyError):
    """The host or the bucket that has an input, or is to have a result, cannot be reached now.

    No attempt at a job counts that.
    """

    status, retryable = 503, True
