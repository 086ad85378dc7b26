"""Taking jobs and running them, one after the other.

The database is the truth: a worker that dies leaves a lease that ends, and another takes the job over. What
a worker made counts only if its lease still held when it came to write that down.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import uuid
from collections.abc import Sequence
from pathlib import Path

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.model import WORK
from cattube_worker.engine import Engine
from cattube_worker.errors import AssemblyError, JobFailed
from cattube_worker.execution import leases
from cattube_worker.execution.leases import RETRY_SECONDS, Lease
from cattube_worker.execution.steps.dispatch import Stopped
from cattube_worker.execution.task_runner import Task, do, load_task
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile
from cattube_worker.instructions.compile import read_instructions

log = logging.getLogger(__name__)


class JobRunner:
    """Runs the jobs of one queue of an engine under leases of its own."""

    def __init__(self, engine: Engine, *, queue: str = WORK) -> None:
        self._engine, self._queue = engine, queue
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"

    def run_once(self) -> bool:
        """Run one job, if one waits; whether there was one."""
        engine = self._engine
        with engine.database.write() as session:
            lease = leases.claim(
                session,
                owner=self._owner,
                queue=self._queue,
                now=engine.clock(),
                lease_seconds=engine.settings.job_lease_seconds,
            )
        if lease is None:
            if self._queue == WORK:
                # What waits until there is time need not be asked after each step whether there is.
                engine.wake_batch.set()
            return False
        self._run(lease)
        self._tell(lease.assembly_id)
        return True

    def _tell(self, assembly_id: str) -> None:
        """Wake those for whom there may be something to do now: each costs time that the next job waits."""
        engine = self._engine
        with engine.database.read() as session:
            is_over = repository.get(session, assembly_id).is_final
        if is_over:
            engine.publish(assembly_id)
        else:
            engine.changes.publish(assembly_id)
            engine.wake_jobs.set()

    def _run(self, lease: Lease) -> None:
        """The one place where everything is caught: one bad job must not stop the house."""
        folder = _new_folder(self._engine, lease)
        is_kept = False
        try:
            _check_attempt(lease, most=self._engine.settings.job_attempts)
            task = load_task(self._engine, lease)
            with self._engine.running.register(lease.job_id, lease.assembly_id, lease.fence) as running:
                self._engine.changes.publish(lease.assembly_id)
                outputs = do(self._engine, task, running, folder)
            is_kept = self._complete(task, outputs, running.ignored_errors)
        except Stopped:
            self._give_back(lease)
        except AssemblyError as error:
            self._fail(lease, error)
        except Exception:
            log.exception("job %s of assembly %s failed unexpectedly", lease.node, lease.assembly_id)
            self._fail(lease, JobFailed("The engine failed at this step. Its log says why.", retryable=True))
        if not is_kept:
            shutil.rmtree(folder, ignore_errors=True)
            self._engine.live_previews.withdraw(lease.assembly_id, below=folder)

    def _complete(
        self, task: Task, outputs: Sequence[AssemblyFile], ignored_errors: Sequence[dict[str, str]]
    ) -> bool:
        with self._engine.database.write() as session:
            job = leases.held(session, task.lease)
            if job is None:
                log.warning("job %s of assembly %s lost its lease", task.lease.node, task.lease.assembly_id)
                return False
            assembly = repository.get(session, task.lease.assembly_id)
            assembly.ignored_errors = [*assembly.ignored_errors, *ignored_errors]
            lifecycle.complete_job(session, assembly, job, outputs, now=self._engine.clock())
        return True

    def _fail(self, lease: Lease, error: AssemblyError) -> None:
        engine, now = self._engine, self._engine.clock()
        log.warning("job %s of assembly %s: %s: %s", lease.node, lease.assembly_id, error.code, error)
        with engine.database.write() as session:
            job = leases.held(session, lease)
            if job is None:
                return
            if error.retryable and lease.attempt < engine.settings.job_attempts:
                delay = RETRY_SECONDS[min(lease.attempt, len(RETRY_SECONDS)) - 1]
                leases.release(session, lease, due_at=now + delay, counts=True)
                return
            assembly = repository.get(session, lease.assembly_id)
            phase = _ignored_phase(assembly.steps, lease.node)
            if phase is not None:
                ignored = {"step": lease.node, "phase": phase, "error": error.code, "message": str(error)}
                assembly.ignored_errors = [*assembly.ignored_errors, ignored]
                lifecycle.complete_job(session, assembly, job, [], now=now)
            else:
                lifecycle.fail(session, assembly, error, now=now)
        engine.running.stop(lease.assembly_id)

    def _give_back(self, lease: Lease) -> None:
        with self._engine.database.write() as session:
            leases.release(session, lease, due_at=self._engine.clock(), counts=False)


def renew_leases(engine: Engine) -> None:
    """Keep the leases of the jobs under way; stop those that are no longer ours."""
    jobs = engine.running.leased()
    if not jobs:
        return
    lease_until = engine.clock() + engine.settings.job_lease_seconds
    with engine.database.write() as session:
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
        engine.changes.publish(job.assembly_id)


def _check_attempt(lease: Lease, *, most: int) -> None:
    """Check that the job is no poison: one that took its worker along each time. Raises JobFailed."""
    if lease.attempt > most:
        raise JobFailed(f"The work on this file ended without a word {most} times.", code="WORKER_JOB_ERROR")


def _new_folder(engine: Engine, lease: Lease) -> Path:
    """An empty folder for this attempt; those of attempts that died go."""
    parent = engine.settings.tmp_dir / lease.assembly_id
    for old in parent.glob(f"{lease.job_id}.*"):
        shutil.rmtree(old, ignore_errors=True)
    folder = parent / f"{lease.job_id}.{lease.fence}"
    folder.mkdir(parents=True)
    return folder


def _ignored_phase(steps: str, name: str) -> str | None:
    """What the node was at, if its errors must not end the assembly."""
    if name == ORIGINAL_STEP:
        return None
    node = read_instructions(steps).plan.node(name)
    return node.phase if node.may_fail else None
