"""Taking jobs and running them, one after the other.

The database is the truth: a worker that dies leaves a lease that ends, and another takes the job over. The
results of a worker count only if its lease still held when it came to write them down.
"""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from cattube_worker.assemblies import deliveries, lifecycle, repository
from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.hosts.lease_owner import lease_owner
from cattube_worker.assemblies.jobs import job_parts, remakes
from cattube_worker.assemblies.model import BATCH, PROBE, SPEECH, WORK, Job
from cattube_worker.errors import (
    DISK_FULL,
    NO_ROOM,
    AssemblyError,
    DiskFull,
    FileTooLargeForDisk,
    JobFailed,
    TryLater,
)
from cattube_worker.execution.job_files.errors import BytesGone, SourceAway
from cattube_worker.execution.jobs import leases
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.execution.jobs.leases import RETRY_SECONDS, Lease
from cattube_worker.execution.jobs.running_jobs import Need, RunningJob
from cattube_worker.execution.jobs.task import Task, load_task
from cattube_worker.execution.jobs.task_runner import CutJob, TaskRunner
from cattube_worker.execution.steps.dispatch import Stopped
from cattube_worker.execution.streaming import streaming_leases
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile
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
# Of writing down what a job made, while the database is away: a minute. The work may have taken hours.
WRITES, WRITE_AGAIN_SECONDS = 13, 5.0
# Errors that tell of what this one job needs: other jobs can well be done here.
UNMET = (FileTooLargeForDisk, SpeechModelMissing)
# Errors, but for those, that tell of the host and not of the job.
UNFIT = (DiskFull, ToolsMissing, SandboxMissing, WrongClock)


class JobRunner:
    """Runs the jobs of one queue under leases of its own."""

    def __init__(self, jobs: Jobs, tasks: TaskRunner, *, queue: str = WORK) -> None:
        self._jobs, self._tasks, self._queue = jobs, tasks, queue
        host = jobs.reach.host or socket.gethostname()
        self._owner = lease_owner(host, os.getpid(), uuid.uuid4().hex[:8])

    def run_once(self) -> bool:
        """Run one job, if one waits and it is its turn, and tell if there was one."""
        if self._queue != PROBE and not self._jobs.fitness.is_fit:
            return False
        lease = self._claim() if self._may_begin() else None
        if lease is None:
            if self._queue == WORK:
                # A batch job may start once no other job waits, so it need not be looked for before.
                self._jobs.signals.wake_unawaited()
            return False
        self._run(lease)
        self._wake(lease.assembly_id)
        return True

    def _may_begin(self) -> bool:
        """False where there is only batch work, and none of it waits or it is not its turn."""
        turn = self._jobs.batch_turns.get(self._queue)
        if turn is None:
            return True
        with self._jobs.database.read() as session:
            is_there = leases.any_waits(
                session, queue=self._queue, reach=self._jobs.reach, now=self._jobs.clock()
            )
        return is_there and not turn.must_pause()

    def _claim(self) -> Lease | None:
        with self._jobs.database.write() as session:
            return leases.claim(
                session,
                self._jobs.turns,
                owner=self._owner,
                queue=self._queue,
                reach=self._jobs.reach,
                now=self._jobs.clock(),
                lease_seconds=self._jobs.lease_seconds,
            )

    def _wake(self, assembly_id: str) -> None:
        """Wake the threads that may have work now, and no others: every wake-up delays the next job."""
        with self._jobs.database.read() as session:
            is_over = repository.get(session, assembly_id).is_final
            has_news = deliveries.any_waits(session, assembly_id)
        if is_over:
            self._jobs.signals.publish(assembly_id)
            return
        self._jobs.signals.publish_progress(assembly_id)
        self._jobs.signals.wake_jobs()
        if has_news:
            self._jobs.signals.wake_outbox()

    def _run(self, lease: Lease) -> None:
        """Run the job. Everything is caught here: one bad job must not stop the engine."""
        folder = self._jobs.folders.create(lease)
        is_completed = False
        try:
            is_completed = self._try(lease, folder)
        finally:
            if not is_completed:
                self._jobs.folders.remove(lease.assembly_id, folder)

    def _try(self, lease: Lease, folder: Path) -> bool:
        """Run the job, and tell if its results count. Raises TryLater without a database."""
        try:
            _check_attempt(lease, most=self._jobs.max_attempts)
            task = load_task(self._jobs.database, lease)
            with self._jobs.running.register(
                lease.job_id,
                lease.assembly_id,
                lease.fence,
                node=lease.node,
                need=_need(task, self._queue),
            ) as running:
                self._jobs.signals.publish_progress(lease.assembly_id)
                outcome = self._tasks.run(task, running, folder)
            return self._complete(lease, outcome, running)
        except Stopped:
            self._give_back(lease)
        except AssemblyError as error:
            self._fail(lease, error)
        except Exception as error:
            self._fail(lease, _unexpected(error, lease))
        return False

    def _complete(self, lease: Lease, outcome: Sequence[AssemblyFile] | CutJob, running: RunningJob) -> bool:
        """Write the results down once the database is there, and tell if they count.

        Raises TryLater, Stopped.
        """
        for _ in range(WRITES - 1):
            try:
                return self._write_down(lease, outcome, running)
            except TryLater as error:
                log.info("what job %s of assembly %s made waits: %s", lease.node, lease.assembly_id, error)
            if running.stop.wait(WRITE_AGAIN_SECONDS):
                raise Stopped
        return self._write_down(lease, outcome, running)

    def _write_down(
        self, lease: Lease, outcome: Sequence[AssemblyFile] | CutJob, running: RunningJob
    ) -> bool:
        """Write the results down, and tell if they count. Raises TryLater."""
        with self._jobs.database.write() as session:
            job = leases.held(session, lease)
            if job is None and leases.is_done(session, lease):
                # Written down by a call whose answer was lost.
                return True
            if job is None:
                log.warning("job %s of assembly %s lost its lease", lease.node, lease.assembly_id)
                return False
            assembly = repository.get(session, lease.assembly_id)
            assembly.ignored_errors = [*assembly.ignored_errors, *running.ignored_errors]
            # Several jobs on one file have the same to say about it.
            news = [warning for warning in running.warnings if warning not in assembly.warnings]
            assembly.warnings = [*assembly.warnings, *news]
            now = self._jobs.clock()
            if isinstance(outcome, CutJob):
                job_parts.cut(session, job, outcome.parts, now=now)
                return True
            if job.part_of is not None:
                job_parts.complete(session, job, outcome, now=now)
                return True
            lifecycle.complete_job(session, assembly, job, outcome, now=now)
            if self._queue == PROBE and self._jobs.reach.host is not None:
                self._keep_streamed(session, job, outcome)
        return True

    def _keep_streamed(self, session: Session, job: Job, files: Sequence[AssemblyFile]) -> None:
        """Keep the job where a streaming encode makes its output of the upload."""
        node, host = self._tasks.streaming.node_of(job.inputs), self._jobs.reach.host
        if node is None:
            # Another host may have followed the upload.
            lease = streaming_leases.find(session, job.inputs, now=self._jobs.clock())
            node, host = (lease.node, lease.host) if lease is not None else (None, None)
        if node is not None:
            leases.bind(session, job.assembly_id, node, [file.id for file in files], host=host)

    def _fail(self, lease: Lease, error: AssemblyError) -> None:
        now = self._jobs.clock()
        log.warning("job %s of assembly %s: %s: %s", lease.node, lease.assembly_id, error.code, error)
        with self._jobs.database.write() as session:
            job = leases.held(session, lease)
            if job is None:
                return
            if self._is_unfit(error):
                self._rest(session)
            if self._is_put_off(session, job, lease, error):
                return
            if error.retryable and lease.attempt < self._jobs.max_attempts:
                delay = RETRY_SECONDS[min(lease.attempt, len(RETRY_SECONDS)) - 1]
                leases.release(session, lease, due_at=now + delay, counts=True)
                return
            if job.part_of is not None or job_parts.is_cut(job):
                log.info("job %s of assembly %s is run uncut", lease.node, lease.assembly_id)
                job_parts.give_up(session, job, now=now)
                return
            assembly = repository.get(session, lease.assembly_id)
            phase = _ignored_phase(assembly.steps, lease.node)
            if phase is not None:
                ignored = {"step": lease.node, "phase": phase, "error": error.code, "message": str(error)}
                assembly.ignored_errors = [*assembly.ignored_errors, ignored]
                lifecycle.complete_job(session, assembly, job, [], now=now)
            else:
                lifecycle.fail(session, assembly, error, now=now)
        self._jobs.running.stop(lease.assembly_id)

    def _is_put_off(self, session: Session, job: Job, lease: Lease, error: AssemblyError) -> bool:
        """Put the job off, if it may be done later or elsewhere with no attempt lost; tell if so."""
        now = self._jobs.clock()
        if self._is_left_to_another(session, lease, error):
            return True
        if self._may_wait(error) and now < job.created_at + MOST_AWAY_SECONDS:
            leases.release(session, lease, due_at=now + _pause_seconds(error), counts=False)
            return True
        return isinstance(error, BytesGone) and self._waits_for_bytes(session, job, lease, error)

    def _rest(self, session: Session) -> None:
        """Take no jobs for a while, so that another host does, if there is one."""
        if hosts.present_names(session) - {self._jobs.reach.host}:
            self._jobs.fitness.rest()

    def _is_left_to_another(self, session: Session, lease: Lease, error: AssemblyError) -> bool:
        """Leave a job, for want of what it needs, to a host that may have that; False if there is none."""
        host, due_at = self._jobs.reach.host, self._jobs.clock() + AWAY_SECONDS
        if host is None or not _stems_from(error, UNMET):
            return False
        return leases.decline(session, lease, host=host, due_at=due_at)

    def _waits_for_bytes(self, session: Session, job: Job, lease: Lease, error: BytesGone) -> bool:
        """Have the input that is gone made again, and tell if the job waits for it."""
        maker = remakes.maker_of(session, lease.assembly_id, error.file_id) if error.file_id else None
        if maker is None or maker.state == "failed":
            return False
        now = self._jobs.clock()
        is_done, due_at = maker.state == "done", now + AWAY_SECONDS
        if is_done and not hosts.all_have(session, VERSION):
            # One of an older release may take the job that runs again, and would add its files a second time.
            may_wait = now < job.created_at + MOST_AWAY_SECONDS
            if may_wait:
                leases.release(session, lease, due_at=due_at, counts=False)
            return may_wait
        if is_done and lease.attempt >= self._jobs.max_attempts:
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
        return self._jobs.reach.host is not None and is_of_host

    def _give_back(self, lease: Lease) -> None:
        with self._jobs.database.write() as session:
            leases.release(session, lease, due_at=self._jobs.clock(), counts=False)


def _pause_seconds(error: AssemblyError) -> float:
    """Time until the next attempt: half of that for which the input has been away, within bounds."""
    away_seconds = error.away_seconds if isinstance(error, SourceAway) else 0.0
    return min(max(AWAY_SECONDS, away_seconds / 2), LONG_AWAY_SECONDS)


def _need(task: Task, queue: str) -> Need:
    """How urgently the job needs the processors."""
    if queue == PROBE:
        return Need.AWAITED
    node = read_instructions(task.steps).plan.node(task.lease.node)
    # Imports need the line, and so do store steps; but what somebody waits for is stored without delay.
    if queue == SPEECH or node.is_import or (queue == BATCH and node.passes_through):
        return Need.NONE
    return Need.BATCH if queue == BATCH else Need.AWAITED


def _unexpected(error: Exception, lease: Lease) -> AssemblyError:
    """Error for what a job did not expect: a full disk, which people can mend, or a mistake of ours."""
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        return DiskFull(NO_ROOM)
    log.error("job %s of assembly %s failed unexpectedly", lease.node, lease.assembly_id, exc_info=error)
    return JobFailed("The engine failed at this step. Its log says why.", retryable=True)


def _stems_from(error: BaseException | None, kinds: tuple[type[AssemblyError], ...]) -> bool:
    """True for an error of one of these kinds; a robot's own may stand before it."""
    while error is not None and not isinstance(error, kinds):
        error = error.__cause__
    return error is not None


def _check_attempt(lease: Lease, *, most: int) -> None:
    """Check that the job has not ended its worker in each attempt so far. Raises JobFailed."""
    if lease.attempt > most:
        raise JobFailed(f"The work on this file ended without a word {most} times.", code="WORKER_JOB_ERROR")


def _ignored_phase(steps: str, name: str) -> str | None:
    """The phase of the node, if its errors must not end the assembly."""
    if name == ORIGINAL_STEP:
        return None
    node = read_instructions(steps).plan.node(name)
    return node.phase if node.may_fail else None
