"""The jobs that this process runs at the moment, with their progress and a way to stop them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum

from cattube_worker.assemblies.hosts.hosts import RunningFact
from cattube_worker.errors import AssemblyError


class Need(IntEnum):
    """How urgently a job needs the processors: not at all, for batch work, or for somebody who waits."""

    NONE = 0
    BATCH = 1
    AWAITED = 2


@dataclass
class RunningJob:
    """A job under way. `stop` ends it; `progress` is what it last reported, from 0 to 1.

    fence: 0 for a streaming encode, whose output counts only once a job takes it.
    node: of the plan. need: what others have to make way for.
    ignored_errors, warnings: errors that did not end it, and what else people are to know, as a status lists
    them.
    """

    id: str
    assembly_id: str
    fence: int
    node: str = ""
    need: Need = Need.NONE
    stop: threading.Event = field(default_factory=threading.Event)
    progress: float = 0.0
    ignored_errors: list[dict[str, str]] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)

    def report(self, progress: float) -> None:
        self.progress = max(self.progress, min(1.0, progress))

    def on_ignored_error(self, error: AssemblyError, step: str, phase: str) -> None:
        self.ignored_errors.append({"step": step, "phase": phase, "error": error.code, "message": str(error)})

    def warn(self, message: str) -> None:
        self.warnings.append({"level": "warning", "msg": message})


class RunningJobs:
    """All jobs under way in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, RunningJob] = {}

    @contextmanager
    def register(
        self, job_id: str, assembly_id: str, fence: int, *, node: str = "", need: Need = Need.NONE
    ) -> Iterator[RunningJob]:
        job = RunningJob(job_id, assembly_id, fence, node, need)
        with self._lock:
            self._jobs[job_id] = job
        try:
            yield job
        finally:
            with self._lock:
                del self._jobs[job_id]

    def all(self) -> list[RunningJob]:
        """All jobs and streaming encodes that are under way."""
        with self._lock:
            return list(self._jobs.values())

    def facts(self) -> list[RunningFact]:
        """The same, as others are told of it."""
        return [RunningFact(job.assembly_id, job.node, round(job.progress, 3)) for job in self.all()]

    def leased(self) -> list[RunningJob]:
        """The jobs that this process holds a lease on."""
        return [job for job in self.all() if job.fence]

    def of(self, assembly_id: str) -> list[RunningJob]:
        """The jobs and streaming encodes that are under way for one assembly."""
        return [job for job in self.all() if job.assembly_id == assembly_id]

    def any_needs(self, need: Need) -> bool:
        """Tell if one of them needs the processors as urgently as that, or more."""
        return any(job.need >= need for job in self.all())

    def stop(self, assembly_id: str) -> None:
        """Stop all that is under way for one assembly."""
        for job in self.of(assembly_id):
            job.stop.set()

    def stop_all(self) -> None:
        for job in self.all():
            job.stop.set()
