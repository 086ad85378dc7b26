"""Jobs of an assembly, and the hosts on which they run or ran."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.hosts.lease_owner import host_of
from cattube_worker.assemblies.hosts.queue_depths import NAMES


@dataclass(frozen=True, kw_only=True)
class JobPlace:
    """A job. host: on which it runs, or ran last; None while it has run nowhere.

    node: of the plan. is_part: of a long video, which several hosts encode side by side. attempts: that were
    begun and count. progress: from 0 to 1.
    """

    node: str
    queue: str
    state: str
    host: str | None
    is_part: bool
    attempts: int
    progress: float


def job_places(session: Session, assembly_id: str) -> list[JobPlace]:
    """The jobs of the assembly, oldest first. Raises AssemblyNotFound."""
    repository.get(session, assembly_id)
    return [
        JobPlace(
            node=job.node,
            queue=NAMES[job.queue],
            state=job.state,
            host=host_of(job.lease_owner),
            is_part=job.part_of is not None,
            attempts=job.attempt,
            progress=round(job.progress, 3),
        )
        for job in repository.jobs_of(session, assembly_id)
    ]
