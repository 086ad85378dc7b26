"""Claims on jobs. The database decides; every function is a few short statements within a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cattube_worker.assemblies.job_queue import TURN
from cattube_worker.assemblies.model import WORK, Job
from cattube_worker.assemblies.turns import Turns
from cattube_worker.execution.jobs.claimable import EVERYWHERE, Reach, may_run
from cattube_worker.execution.jobs.next_job import next_job

RETRY_SECONDS = (5.0, 30.0)


@dataclass(frozen=True, kw_only=True)
class Lease:
    """A job that is ours until the lease ends; results count only under its fence.

    attempt: 1 for the first.
    """

    job_id: str
    assembly_id: str
    node: str
    input_ids: tuple[str, ...]
    attempt: int
    fence: int


def claim(
    session: Session,
    turns: Turns,
    *,
    owner: str,
    queue: str,
    reach: Reach = EVERYWHERE,
    now: float,
    lease_seconds: float,
) -> Lease | None:
    """A lease on the next job of `queue` that may run: one that waits, or whose worker fell silent.

    turns: of the people whose jobs are in the queue of what somebody waits for. Others go by age alone.
    """
    job = next_job(session, turns, queue=queue, reach=reach, now=now)
    if job is None:
        return None
    job.state, job.lease_owner, job.lease_until = "running", owner, now + lease_seconds
    job.attempt += 1
    job.fence += 1
    job.progress = 0.0
    return Lease(
        job_id=job.id,
        assembly_id=job.assembly_id,
        node=job.node,
        input_ids=job.input_ids,
        attempt=job.attempt,
        fence=job.fence,
    )


def any_waits(session: Session, *, queue: str = WORK, reach: Reach = EVERYWHERE, now: float) -> bool:
    """Tell if a job of `queue` may run and waits for a runner."""
    return session.scalar(select(Job.id).where(may_run(queue, reach, now)).limit(1)) is not None


def waiting_ids(session: Session, *, queue: str, host: str | None, now: float, limit: int) -> Sequence[str]:
    """Ids of jobs of `queue` that may run and wait for a runner: for any host, or for that one alone."""
    jobs = select(Job.id).where(may_run(queue, EVERYWHERE, now), Job.host == host)
    return session.scalars(jobs.order_by(*TURN).limit(limit)).all()


def renew(session: Session, job_id: str, *, fence: int, progress: float, lease_until: float) -> bool:
    """Renew the lease until `lease_until`, and tell if it was still ours."""
    mine = update(Job).where(Job.id == job_id, Job.fence == fence, Job.state == "running")
    changed = session.execute(mine.values(lease_until=lease_until, progress=progress))
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def held(session: Session, lease: Lease) -> Job | None:
    """The job, if the lease on it is still ours."""
    job = session.get(Job, lease.job_id)
    return job if job is not None and job.fence == lease.fence and job.state == "running" else None


def bind(
    session: Session, assembly_id: str, node: str, input_ids: Sequence[str], *, host: str | None
) -> None:
    """Have only `host` run the jobs of `node` on these files that wait; None has any host run them."""
    session.flush()
    waiting = update(Job).where(Job.assembly_id == assembly_id, Job.node == node, Job.state == "waiting")
    session.execute(waiting.where(Job.inputs.in_(input_ids)).values(host=host))


def release(session: Session, lease: Lease, *, due_at: float, counts: bool) -> None:
    """Give the job back to be run from `due_at` on; without `counts` this attempt is as if never made."""
    job = held(session, lease)
    if job is None:
        return
    job.state, job.lease_owner, job.lease_until, job.due_at, job.progress = "waiting", None, None, due_at, 0.0
    if not counts:
        job.attempt -= 1
