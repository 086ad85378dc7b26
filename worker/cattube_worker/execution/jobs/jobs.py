"""The jobs of this engine: where they are written down, and what runs of them in this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cattube_worker.assemblies.jobs.turns import Turns
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.execution.jobs import leases
from cattube_worker.execution.jobs.batch_turn import BatchTurn
from cattube_worker.execution.jobs.claimable import EVERYWHERE, Reach
from cattube_worker.execution.jobs.fitness import Fitness
from cattube_worker.execution.jobs.job_folders import JobFolders
from cattube_worker.execution.jobs.running_jobs import RunningJobs
from cattube_worker.execution.signals import Signals


@dataclass(frozen=True, kw_only=True)
class Jobs:
    """Parts that all runners share. max_attempts: after so many, a job that may be retried has failed.

    turns: of the people whose jobs wait. batch_turns: by queue, say when the runner of batch work, and the
    job it runs, have to stand still. reach: the jobs that this process may take. fitness: says when it takes
    none.
    """

    database: Database
    clock: Clock
    running: RunningJobs
    turns: Turns
    batch_turns: Mapping[str, BatchTurn]
    folders: JobFolders
    signals: Signals
    lease_seconds: int
    max_attempts: int
    reach: Reach = EVERYWHERE
    fitness: Fitness = field(default_factory=Fitness)

    def renew_leases(self) -> None:
        """Keep the leases of the jobs under way; stop those that are no longer ours."""
        jobs = self.running.leased()
        if not jobs:
            return
        lease_until = self.clock() + self.lease_seconds
        with self.database.write() as session:
            lost = [
                job
                for job in jobs
                if not leases.renew(
                    session, job.id, fence=job.fence, progress=job.progress, lease_until=lease_until
                )
            ]
        for job in lost:
            job.stop.set()
        for job in jobs:
            self.signals.publish_progress(job.assembly_id)
