"""Errors about the files that a job needs."""

from __future__ import annotations

from cattube_worker.errors import AssemblyError, JobFailed


class BytesGone(JobFailed):
    """No host and no bucket has the bytes of an input any more. file_id: None of an upload."""

    def __init__(self, name: str, *, file_id: str | None = None) -> None:
        super().__init__(f"The bytes of {name} are gone.", code="INTERNAL_COMMAND_ERROR")
        self.file_id = file_id


class DamagedFile(AssemblyError):
    """What came of an input is not what was left for this job."""

    retryable = True


class SourceAway(AssemblyError):
    """The host or the bucket that has an input, or is to have a result, cannot be reached now.

    No attempt at a job counts that. away_seconds: for how long it has been so, as far as that is known.
    """

    status, retryable = 503, True

    def __init__(self, message: str, *, away_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.away_seconds = away_seconds
