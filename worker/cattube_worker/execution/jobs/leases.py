"""Claims on jobs. The database decides; every function is a few short statements within a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, func, select, true, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.jobs.job_queue import TURN, unindexed
from cattube_worker.assemblies.jobs.turns import Turns
from cattube_worker.assemblies.model import WORK, Job
from cattube_worker.execution.jobs.claimable import EVERYWHERE, Reach, may_run
from cattube_worker.execution.jobs.next_job import may_any_run, next_job

RETRY_SECONDS = (5.0, 30.0)
# As with `unindexed`: nearly all jobs are no parts, and PostgreSQL would look for all of them.
_IS_NO_PART = func.coalesce(Job.part_of, "") == ""


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
    taken = _taken(queue, reach)
    while (job_id := next_job(session, turns, queue=queue, reach=reach, now=now)) is not None:
        lease = {"job_id": job_id, "now": now, "by": owner, "until": now + lease_seconds}
        job = session.execute(taken, lease).first()
        if job is not None:
            if queue == WORK:
                _note_served(session, turns, job)
            return Lease(
                job_id=job_id,
                assembly_id=job.assembly_id,
                node=job.node,
                input_ids=tuple(job.inputs.split(",")) if job.inputs else (),
                attempt=job.attempt,
                fence=job.fence,
            )
    return None


@cache
def _taken(queue: str, reach: Reach) -> ReturningUpdate[Any]:
    """The update of the job `job_id` by which it is leased, if it may still run."""
    jobs = cast(Table, Job.__table__)
    taken = update(jobs).where(Job.id == bindparam("job_id"), may_run(queue), reach.condition(queue))
    return taken.values(
        state="running",
        lease_owner=bindparam("by"),
        lease_until=bindparam("until"),
        attempt=jobs.c.attempt + 1,
        fence=jobs.c.fence + 1,
        progress=0.0,
    ).returning(*jobs.c)


def _note_served(session: Session, turns: Turns, job: Row[Any]) -> None:
    """Note whose turn it was, and have the other jobs of the assembly go before those that have not begun."""
    turns.serve(job.owner)
    if job.is_new and job.part_of is None:
        others = update(Job).where(Job.assembly_id == job.assembly_id, unindexed(Job.queue) == WORK)
        others = others.where(unindexed(Job.state) == "waiting", Job.is_new == true(), _IS_NO_PART)
        session.execute(others.values(is_new=False).execution_options(synchronize_session=False))


def any_waits(session: Session, *, queue: str = WORK, reach: Reach = EVERYWHERE, now: float) -> bool:
    """Tell if a job of `queue` may run and waits for a runner."""
    return may_any_run(session, queue=queue, reach=reach, now=now)


def waiting_ids(session: Session, *, queue: str, host: str | None, now: float, limit: int) -> Sequence[str]:
    """Ids of jobs of `queue` that may run and wait for a runner: for any host, or for that one alone."""
    jobs = select(Job.id).where(may_run(queue, now), Job.host == host)
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


def is_done(session: Session, lease: Lease) -> bool:
    """Tell if the results of the job under this lease are written down."""
    job = session.get(Job, lease.job_id)
    return job is not None and job.fence == lease.fence and job.state == "done"


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


def decline(session: Session, lease: Lease, *, host: str, due_at: float) -> bool:
    """Leave the job, for want of what it needs, to hosts that have not declined it; False if there are none.

    Then it is as if none had: the next attempt may be made by any.
    """
    job = held(session, lease)
    if job is None:
        return False
    declined = {host, *job.declined_by.split(",")} - {""}
    if job.host is not None or hosts.present_names(session) <= declined:
        job.declined_by = ""
        return False
    release(session, lease, due_at=due_at, counts=False)
    job.declined_by = f",{','.join(sorted(declined))},"
    return True
