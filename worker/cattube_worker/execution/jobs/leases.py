"""Claims on jobs. The database decides; every function is one short statement within a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, select, true, update
from sqlalchemy.orm import Session, aliased

from cattube_worker.assemblies.job_queue import TURN
from cattube_worker.assemblies.model import BATCH, PROBE, WORK, Job
from cattube_worker.assemblies.turns import Turns

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


@dataclass(frozen=True)
class Reach:
    """Jobs that this process may take. host: its own; None when there is only one, which may run everything.

    takes_bound_only: only those that no other host may run.
    """

    host: str | None = None
    takes_bound_only: bool = False

    def condition(self, queue: str) -> ColumnElement[bool]:
        """The condition that a job of `queue` is one of them."""
        if self.host is None:
            return true()
        is_own = Job.host == self.host
        # A probe for any host is older than the other hosts, and they have no use for it.
        if self.takes_bound_only and queue != PROBE:
            return is_own
        return or_(Job.host.is_(None), is_own)


EVERYWHERE = Reach()


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
    job = _next_job(session, turns, queue=queue, reach=reach, now=now)
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
    return session.scalar(select(Job.id).where(_may_run(queue, reach, now)).limit(1)) is not None


def waiting_ids(session: Session, *, queue: str, host: str | None, now: float, limit: int) -> Sequence[str]:
    """Ids of jobs of `queue` that may run and wait for a runner: for any host, or for that one alone."""
    jobs = select(Job.id).where(_may_run(queue, EVERYWHERE, now), Job.host == host)
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


def _next_job(session: Session, turns: Turns, *, queue: str, reach: Reach, now: float) -> Job | None:
    if queue == WORK:
        return _next_work(session, turns, reach=reach, now=now)
    return _first(session, _may_run(queue, reach, now))


def _next_work(session: Session, turns: Turns, *, reach: Reach, now: float) -> Job | None:
    """The next job that somebody waits for.

    First, that of a worker that fell silent. Then what has begun is brought to its end: a video that is
    encoded must not wait to be stored until all others are encoded, too. Then people take turns.

    Each is a question of its own, which an index answers: with thousands of jobs that wait, one for all of
    them took 70 ms.
    """
    within = and_(Job.queue == WORK, reach.condition(WORK))
    waits = and_(within, Job.state == "waiting", Job.due_at <= now)
    job = _first(session, within, Job.state == "running", Job.lease_until < now) or _first(
        session, waits, Job.is_new == false()
    )
    if job is None:
        job = _next_in_turn(session, and_(waits, Job.is_new == true()), turns.ahead())
    if job is not None:
        turns.serve(job.owner)
        _note_begun(session, job)
    return job


def _next_in_turn(session: Session, waits: ColumnElement[bool], ahead: Mapping[str, int]) -> Job | None:
    """The oldest job of those whose turn it is. ahead: tags of people who were served more than others."""
    job = _first(session, waits)
    if job is None or job.owner not in ahead:
        return job
    job = _first(session, waits, Job.owner.not_in(ahead))
    for tag in sorted(set(ahead.values())):
        if job is not None:
            break
        job = _first(session, waits, Job.owner.in_([owner for owner in ahead if ahead[owner] == tag]))
    return job


def _note_begun(session: Session, job: Job) -> None:
    """Have the other jobs of the assembly go before those of assemblies that have not begun."""
    others = update(Job).where(Job.assembly_id == job.assembly_id, Job.queue == WORK, Job.id != job.id)
    session.execute(others.where(Job.state == "waiting", Job.is_new == true()).values(is_new=False))


def _first(session: Session, *conditions: ColumnElement[bool]) -> Job | None:
    """The oldest of the jobs. Writers take turns, so nobody else takes it meanwhile."""
    return session.scalar(select(Job).where(*conditions).order_by(*TURN).limit(1))


def _may_run(queue: str, reach: Reach, now: float) -> ColumnElement[bool]:
    is_due = _is_last_of_assembly() if queue == BATCH else true()
    return and_(_is_claimable(now), Job.queue == queue, reach.condition(queue), is_due)


def _is_last_of_assembly() -> ColumnElement[bool]:
    """The condition that its assembly has no other work: a batch job must not take time from that."""
    other = aliased(Job)
    urgent = select(other.id).where(
        other.assembly_id == Job.assembly_id, other.queue == WORK, other.state.in_(("waiting", "running"))
    )
    return ~urgent.exists()


def _is_claimable(now: float) -> ColumnElement[bool]:
    waits = and_(Job.state == "waiting", Job.due_at <= now)
    fell_silent = and_(Job.state == "running", Job.lease_until < now)
    return or_(waits, fell_silent)
