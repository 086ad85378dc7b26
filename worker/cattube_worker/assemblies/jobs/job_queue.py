"""Order of the jobs in a queue, and an assembly's position in it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Subquery, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cattube_worker.assemblies.jobs.turns import Turns
from cattube_worker.assemblies.model import WORK, Job

TURN = (Job.due_at, Job.created_at, Job.id)


def unindexed(column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """The column, so that no row is looked for by it.

    SQLite takes the index with the most columns that are asked for, also where it has thousands of rows and
    the one of the assembly has three.
    """
    return column.concat("")


def queue_position(session: Session, assembly_id: str, turns: Turns) -> int | None:
    """Position in the queue, 1 for the assembly whose turn is next.

    None while one of its jobs runs, and when none waits. Jobs of other queues do not count.
    """
    # What was cut into parts has begun: when it waits, then to be joined.
    state = case((and_(Job.part_of.is_(None), Job.part.is_not(None)), "running"), else_=Job.state)
    own_jobs = select(state).where(Job.assembly_id == assembly_id, unindexed(Job.queue) == WORK).distinct()
    states = set(session.scalars(own_jobs.where(unindexed(Job.state).in_(("running", "waiting")))))
    if states != {"waiting"}:
        return None
    waiting = _turns_in_row(turns).c
    turn = (waiting.is_new, waiting.round, waiting.due_at, waiting.created_at, waiting.id)
    position = select(waiting.assembly_id, func.row_number().over(order_by=turn).label("position")).subquery()
    return session.scalar(select(position.c.position).where(position.c.assembly_id == assembly_id))


def _turns_in_row(turns: Turns) -> Subquery:
    """The assemblies that wait, each with its first job, and the round in which its owner's turn is."""
    nth_of_assembly = func.row_number().over(partition_by=Job.assembly_id, order_by=TURN)
    jobs = (
        select(
            *TURN,
            Job.assembly_id,
            Job.owner,
            case((Job.is_new, 1), else_=0).label("is_new"),
            turns.in_sql().label("tag"),
            nth_of_assembly.label("nth"),
        )
        .where(Job.state == "waiting", Job.queue == WORK)
        .subquery()
    ).c
    nth_of_owner = func.row_number().over(
        partition_by=(jobs.owner, jobs.is_new), order_by=(jobs.due_at, jobs.created_at, jobs.id)
    )
    # What has begun has no rounds: it goes in the order in which it came.
    served_in_round = jobs.is_new * (jobs.tag + nth_of_owner)
    columns = (jobs.assembly_id, jobs.is_new, jobs.due_at, jobs.created_at, jobs.id)
    return select(*columns, served_in_round.label("round")).where(jobs.nth == 1).subquery()
