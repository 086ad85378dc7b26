"""The end of assemblies that wait for what does not come."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select

from cattube_worker.assemblies import lifecycle
from cattube_worker.assemblies.model import FINAL_STATES, UPLOADING, Assembly, Host, Job
from cattube_worker.errors import AssemblyError, JobFailed
from cattube_worker.execution.job_files.errors import SourceAway
from cattube_worker.execution.jobs.failed_jobs import MOST_AWAY_SECONDS
from cattube_worker.execution.jobs.jobs import Jobs

ASSEMBLIES_AT_ONCE = 50


@dataclass(frozen=True, kw_only=True)
class Expiry:
    """Ends them, some at each sweep. upload_seconds: until one that still waits for files is ended."""

    jobs: Jobs
    upload_seconds: float

    def expire_uploads(self) -> None:
        """End assemblies whose files never came (T08, T09)."""
        is_late = Assembly.created_at < self.jobs.clock() - self.upload_seconds
        error = JobFailed("The files of this assembly did not arrive in time.", code="ASSEMBLY_EXPIRED")
        self._fail(select(Assembly).where(Assembly.state == UPLOADING, is_late), error)

    def fail_abandoned(self) -> None:
        """End assemblies whose file is on a host that was known a day ago and is not any more."""
        if self.jobs.reach.host is None:
            return
        error = SourceAway("The host that has a file of this assembly did not come back in time.")
        self._fail(_abandoned(self.jobs.clock()), error)

    def _fail(self, assemblies: Select[Assembly], error: AssemblyError) -> None:
        with self.jobs.database.write() as session:
            failed = session.scalars(assemblies.limit(ASSEMBLIES_AT_ONCE)).all()
            for assembly in failed:
                lifecycle.fail(session, assembly, error, now=self.jobs.clock())
        for assembly in failed:
            self.jobs.signals.publish(assembly.id)


def _abandoned(now: float) -> Select[Assembly]:
    """Assemblies with a job that only a host could run which has been gone for too long."""
    job = select(Job.id).where(
        Job.assembly_id == Assembly.id,
        Job.created_at < now - MOST_AWAY_SECONDS,
        or_(Job.state == "waiting", and_(Job.state == "running", Job.lease_until < now)),
        # A host that falls silent is forgotten after a day.
        Job.host.is_not(None),
        Job.host.not_in(select(Host.name)),
    )
    return select(Assembly).where(Assembly.state.not_in(FINAL_STATES), job.exists())
