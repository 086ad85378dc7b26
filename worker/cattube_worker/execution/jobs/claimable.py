"""Queries for jobs that may run now, of those that a process may take. Each is written once.

With thousands of jobs that wait, only what an index answers is quick. So each query is put together of
questions for one job, the first by an index.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from cattube_worker.assemblies.jobs.job_queue import TURN, unindexed
from cattube_worker.assemblies.model import PROBE, UNAWAITED, WORK, Job

_NOW = bindparam("now", type_=Job.due_at.type)
# Until a host looks again at a job that it has declined: those that might have done it may be gone by now.
DECLINED_SECONDS = 600.0


@dataclass(frozen=True)
class Reach:
    """Jobs that this process may take. host: its own; None when there is only one, which may run everything.

    takes_bound_only: only those that no other host may run, and those that another has declined.
    """

    host: str | None = None
    takes_bound_only: bool = False

    def condition(self, queue: str) -> ColumnElement[bool]:
        """The condition that a job of `queue` is one of them. now: the time, a parameter."""
        if self.host is None:
            return true()
        is_for_all: ColumnElement[bool] = Job.host.is_(None)
        # A probe for any host is older than the other hosts, and they have no use for it.
        if self.takes_bound_only and queue != PROBE:
            is_for_all = and_(is_for_all, Job.declined_by != "")
        has_declined = Job.declined_by.contains(f",{self.host},", autoescape=True)
        may_look = or_(not_(has_declined), Job.due_at <= _NOW - DECLINED_SECONDS)
        return and_(or_(is_for_all, Job.host == self.host), may_look)


EVERYWHERE = Reach()


@cache
def first_to_run(queue: str, reach: Reach) -> Select[Any]:
    """The job of `queue` that may run and is first by age: id, owner, is_in_turn. now: the time.

    In the queue WORK, jobs of workers that fell silent go before all others. Then what has begun is brought
    to its end: a video that is encoded must not wait to be stored until all others are encoded, too.
    is_in_turn: people take turns, as the job is of neither kind.
    """
    within = and_(Job.queue == queue, reach.condition(queue), _is_due(queue))
    waits = and_(within, Job.state == "waiting", Job.due_at <= _NOW)
    # Also where their order does not matter, each has a question of its own, which the index by turn answers.
    kinds = (
        and_(within, Job.state == "running", Job.lease_until < _NOW),
        and_(waits, Job.is_new == false()),
        and_(waits, Job.is_new == true()),
    )
    columns = (Job.owner, *TURN)
    firsts = (
        select(*columns, literal(kind).label("kind")).where(condition).order_by(*TURN).limit(1)
        for kind, condition in enumerate(kinds)
    )
    # SQLite takes an ORDER BY within a union only in a subquery.
    jobs = union_all(*(select(first.subquery()) for first in firsts)).subquery().c
    by_age = (jobs.due_at, jobs.created_at, jobs.id)
    order = (jobs.kind, *by_age) if queue == WORK else by_age
    is_in_turn = jobs.kind == len(kinds) - 1
    return select(jobs.id, jobs.owner, is_in_turn.label("is_in_turn")).order_by(*order).limit(1)


@cache
def first_of_people(reach: Reach) -> Select[Any]:
    """The job of each person that is first by age, of those that wait in the queue WORK and have not begun.

    After each, an index has the first job of the next person: none of those in between is read.
    """
    waits = and_(Job.queue == WORK, Job.state == "waiting", Job.is_new == true(), Job.due_at <= _NOW)
    by_person = select(Job.id).where(waits, reach.condition(WORK)).order_by(Job.owner, *TURN).limit(1)
    first = select(Job.owner, *TURN).where(Job.id == by_person.where(Job.owner >= "").scalar_subquery())
    people = first.cte("people", recursive=True)
    other, following = aliased(Job), by_person.where(Job.owner > people.c.owner).correlate(people)
    columns = (other.owner, other.due_at, other.created_at, other.id)
    people = people.union_all(
        select(*columns).select_from(people).join(other, other.id == following.scalar_subquery())
    )
    return select(people)


def may_run(queue: str, now: float | ColumnElement[float] = _NOW) -> ColumnElement[bool]:
    """The condition that a job of `queue` may run, on whichever host: it waits, or its worker fell silent."""
    waits = and_(Job.state == "waiting", Job.due_at <= now)
    fell_silent = and_(Job.state == "running", Job.lease_until < now)
    return and_(Job.queue == queue, or_(waits, fell_silent), _is_due(queue))


def _is_due(queue: str) -> ColumnElement[bool]:
    """The condition that a job of `queue` takes no time from awaited ones of its assembly: batch must not."""
    if queue not in UNAWAITED:
        return true()
    other = aliased(Job)
    urgent = select(other.id).where(
        other.assembly_id == Job.assembly_id,
        unindexed(other.queue) == WORK,
        unindexed(other.state).in_(("waiting", "running")),
    )
    return ~urgent.exists()
