"""Jobs that did not get to an end: some wait, some are tried again, some end their assembly."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.jobs import job_parts, remakes
from cattube_worker.assemblies.model import Job
from cattube_worker.errors import AssemblyError, DiskFull, FileTooLargeForDisk, TryLater
from cattube_worker.execution.job_files.errors import BytesGone, SourceAway
from cattube_worker.execution.jobs import leases
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.execution.jobs.leases import RETRY_SECONDS, Lease
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP
from cattube_worker.instructions.compile import read_instructions
from cattube_worker.media.errors import SandboxMissing, ToolsMissing
from cattube_worker.media.speech.model import SpeechModelMissing
from cattube_worker.storage.errors import WrongClock
from cattube_worker.version import VERSION

log = logging.getLogger(__name__)
# Between attempts of a job whose input lies on a host that is away, or that this host is not fit for, and
# until it is waited for no longer.
AWAY_SECONDS, MOST_AWAY_SECONDS = 10.0, 24 * 3600.0
# Most time between attempts: of a host that has been away for so long that its jobs must not keep others.
LONG_AWAY_SECONDS = 300.0
# Errors that tell of what this one job needs: other jobs can well be done here.
UNMET = (FileTooLargeForDisk, SpeechModelMissing)
# Errors, but for those, that tell of the host and not of the job.
UNFIT = (DiskFull, ToolsMissing, SandboxMissing, WrongClock)


@dataclass(frozen=True)
class FailedJobs:
    """Decides about them, by what went wrong and how often it was tried."""

    jobs: Jobs

    def settle(self, lease: Lease, error: AssemblyError) -> None:
        """Write down what becomes of the job, unless its lease is lost."""
        log.warning("job %s of assembly %s: %s: %s", lease.node, lease.assembly_id, error.code, error)
        with self.jobs.database.write() as session:
            job = leases.held(session, lease)
            if job is None:
                return
            if self._is_unfit(error):
                self._rest(session)
            if self._is_put_off(session, job, lease, error) or self._is_tried_again(session, lease, error):
                return
            if job.part_of is not None or job_parts.is_cut(job):
                log.info("job %s of assembly %s is run uncut", lease.node, lease.assembly_id)
                job_parts.give_up(session, job, now=self.jobs.clock())
                return
            self._end(session, job, lease, error)
        self.jobs.running.stop(lease.assembly_id)

    def _end(self, session: Session, job: Job, lease: Lease, error: AssemblyError) -> None:
        """End the assembly with the error, or pass over it where the step says so."""
        assembly, now = repository.get(session, lease.assembly_id), self.jobs.clock()
        phase = _ignored_phase(assembly.steps, lease.node)
        if phase is None:
            lifecycle.fail(session, assembly, error, now=now)
            return
        ignored = {"step": lease.node, "phase": phase, "error": error.code, "message": str(error)}
        assembly.ignored_errors = [*assembly.ignored_errors, ignored]
        lifecycle.complete_job(session, assembly, job, [], now=now)

    def _is_tried_again(self, session: Session, lease: Lease, error: AssemblyError) -> bool:
        """Release the job for another attempt, if there may be one; tell if so."""
        if not error.retryable or lease.attempt >= self.jobs.max_attempts:
            return False
        delay = RETRY_SECONDS[min(lease.attempt, len(RETRY_SECONDS)) - 1]
        leases.release(session, lease, due_at=self.jobs.clock() + delay, counts=True)
        return True

    def _is_put_off(self, session: Session, job: Job, lease: Lease, error: AssemblyError) -> bool:
        """Put the job off, if it may be done later or elsewhere with no attempt lost; tell if so."""
        now = self.jobs.clock()
        if self._is_left_to_another(session, lease, error):
            return True
        if self._may_wait(error) and now < job.created_at + MOST_AWAY_SECONDS:
            leases.release(session, lease, due_at=now + _pause_seconds(error), counts=False)
            return True
        return isinstance(error, BytesGone) and self._waits_for_bytes(session, job, lease, error)

    def _rest(self, session: Session) -> None:
        """Take no jobs for a while, so that another host does, if there is one."""
        if hosts.present_names(session) - {self.jobs.reach.host}:
            self.jobs.fitness.rest()

    def _is_left_to_another(self, session: Session, lease: Lease, error: AssemblyError) -> bool:
        """Leave a job, for want of what it needs, to a host that may have that; False if there is none."""
        host, due_at = self.jobs.reach.host, self.jobs.clock() + AWAY_SECONDS
        if host is None or not _stems_from(error, UNMET):
            return False
        return leases.decline(session, lease, host=host, due_at=due_at)

    def _waits_for_bytes(self, session: Session, job: Job, lease: Lease, error: BytesGone) -> bool:
        """Have the input that is gone made again, and tell if the job waits for it."""
        maker = remakes.maker_of(session, lease.assembly_id, error.file_id) if error.file_id else None
        if maker is None or maker.state == "failed":
            return False
        now = self.jobs.clock()
        is_done, due_at = maker.state == "done", now + AWAY_SECONDS
        if is_done and not hosts.all_have(session, VERSION):
            # One of an older release may take the job that runs again, and would add its files a second time.
            may_wait = now < job.created_at + MOST_AWAY_SECONDS
            if may_wait:
                leases.release(session, lease, due_at=due_at, counts=False)
            return may_wait
        if is_done and lease.attempt >= self.jobs.max_attempts:
            return False
        if is_done:
            log.warning("job %s of assembly %s runs again: %s", maker.node, lease.assembly_id, error)
            remakes.begin(session, maker, now=now)
        leases.release(session, lease, due_at=due_at, counts=is_done)
        return True

    def _may_wait(self, error: AssemblyError) -> bool:
        """True when nothing is wrong with the job: its input or the database is away, or its host unfit."""
        return self._is_unfit(error) or isinstance(error, SourceAway | TryLater)

    def _is_unfit(self, error: AssemblyError) -> bool:
        """True when this host is not fit for a job that another may be fit for."""
        is_of_host = _stems_from(error, UNFIT) and not _stems_from(error, UNMET)
        return self.jobs.reach.host is not None and is_of_host


def _pause_seconds(error: AssemblyError) -> float:
    """Time until the next attempt: half of that for which the input has been away, within bounds."""
    away_seconds = error.away_seconds if isinstance(error, SourceAway) else 0.0
    return min(max(AWAY_SECONDS, away_seconds / 2), LONG_AWAY_SECONDS)


def _stems_from(error: BaseException | None, kinds: tuple[type[AssemblyError], ...]) -> bool:
    """True for an error of one of these kinds; a robot's own may stand before it."""
    while error is not None and not isinstance(error, kinds):
        error = error.__cause__
    return error is not None


def _ignored_phase(steps: str, name: str) -> str | None:
    """The phase of the node, if its errors must not end the assembly."""
    if name == ORIGINAL_STEP:
        return None
    node = read_instructions(steps).plan.node(name)
    return node.phase if node.may_fail else None
