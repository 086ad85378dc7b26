"""A round of turns: the people who were served least, with the job that is next of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class WaitingJob(Protocol):
    """A job that waits. due_at, created_at, id: its age among others."""

    @property
    def id(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def due_at(self) -> float: ...
    @property
    def created_at(self) -> float: ...


@dataclass
class TurnRound:
    """The jobs of a round that are left, in their order. They are looked for once, however many people wait.

    Who comes meanwhile comes after them: with the same tag, and a younger job.
    """

    _tag: int = field(default=-1, init=False)
    _jobs: deque[WaitingJob] = field(default_factory=deque, init=False)

    def next_job(
        self, find: Callable[[], Sequence[WaitingJob]], *, tag: Callable[[str], int], lowest: int
    ) -> WaitingJob | None:
        """The job whose turn it is. It may have been taken since it was found.

        find: the first job of each person who waits. tag: of a person. lowest: tag of who comes anew.
        """
        if lowest != self._tag:
            self._jobs.clear()
        while self._jobs:
            job = self._jobs.popleft()
            if tag(job.owner) == self._tag:
                return job
        jobs = find()
        self._tag = min((tag(job.owner) for job in jobs), default=-1)
        served_least = [job for job in jobs if tag(job.owner) == self._tag]
        self._jobs.extend(sorted(served_least, key=lambda job: (job.due_at, job.created_at, job.id)))
        return self._jobs.popleft() if self._jobs else None
