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
from cattube_worker.assemblies.hosts.lease_owner import lease_owner
from cattube_worker.assemblies.jobs import job_parts
from cattube_worker.assemblies.model import BATCH, PROBE, SPEECH, WORK, Job
from cattube_worker.errors import (
    DISK_FULL,
    NO_ROOM,
    AssemblyError,
    DiskFull,
    JobFailed,
    TryLater,
)
from cattube_worker.execution.jobs import leases
from cattube_worker.execution.jobs.failed_jobs import FailedJobs
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.execution.jobs.leases import Lease
from cattube_worker.execution.jobs.running_jobs import Need, RunningJob
from cattube_worker.execution.jobs.task import Task, load_task
from cattube_worker.execution.jobs.task_runner import CutJob, TaskRunner
from cattube_worker.execution.streaming import streaming_leases
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.compile import read_instructions
from cattube_worker.media.process.run import Stopped

log = logging.getLogger(__name__)
# Of writing down what a job made, while the database is away: a minute. The work may have taken hours.
WRITES, WRITE_AGAIN_SECONDS = 13, 5.0


class JobRunner:
    """Runs the jobs of one queue under leases of its own."""

    def __init__(self, jobs: Jobs, tasks: TaskRunner, *, queue: str = WORK) -> None:
        self._jobs, self._tasks, self._queue = jobs, tasks, queue
        self._failed = FailedJobs(jobs)
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
            is_over = repository.is_final(session, assembly_id)
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
            self._failed.settle(lease, error)
        except Exception as error:
            self._failed.settle(lease, _unexpected(error, lease))
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

    def _give_back(self, lease: Lease) -> None:
        with self._jobs.database.write() as session:
            leases.release(session, lease, due_at=self._jobs.clock(), counts=False)


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


def _check_attempt(lease: Lease, *, most: int) -> None:
    """Check that the job has not ended its worker in each attempt so far. Raises JobFailed."""
    if lease.attempt > most:
        raise JobFailed(f"The work on this file ended without a word {most} times.", code="WORKER_JOB_ERROR")
