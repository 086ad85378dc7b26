"""The order in which jobs run."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, false, select, true, update
from sqlalchemy.orm import Session

from cattube_worker.assemblies.job_queue import TURN
from cattube_worker.assemblies.model import WORK, Job
from cattube_worker.assemblies.turns import Turns
from cattube_worker.execution.jobs.claimable import Reach, may_run


def next_job(session: Session, turns: Turns, *, queue: str, reach: Reach, now: float) -> Job | None:
    """The job of `queue` that is to run next."""
    if queue == WORK:
        return _next_work(session, turns, reach=reach, now=now)
    return _first(session, may_run(queue, reach, now))


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
        if job.is_new and job.part_of is None:
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
    others = others.where(Job.state == "waiting", Job.is_new == true(), Job.part_of.is_(None))
    session.execute(others.values(is_new=False))


def _first(session: Session, *conditions: ColumnElement[bool]) -> Job | None:
    """The oldest of the jobs. Writers take turns, so nobody else takes it meanwhile."""
    return session.scalar(select(Job).where(*conditions).order_by(*TURN).limit(1))
