"""Order of the jobs in a queue, and an assembly's position in it."""

from __future__ import annotations

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import WORK, Job

TURN = (Job.due_at, Job.created_at, Job.id)


def queue_position(session: Session, assembly_id: str) -> int | None:
    """Position in the queue, 1 for the assembly whose turn is next.

    None while one of its jobs runs, and when none waits. Probes and batch work do not count: they have
    queues of their own.
    """
    own_jobs = select(Job).where(Job.queue == WORK).filter_by(assembly_id=assembly_id)
    if session.scalar(own_jobs.filter_by(state="running").limit(1)) is not None:
        return None
    first = session.scalar(own_jobs.filter_by(state="waiting").order_by(*TURN).limit(1))
    if first is None:
        return None
    is_earlier = tuple_(*TURN) < tuple_(first.due_at, first.created_at, first.id)
    ahead = select(func.count(Job.assembly_id.distinct())).where(
        Job.state == "waiting", Job.queue == WORK, Job.assembly_id != assembly_id, is_earlier
    )
    return 1 + (session.scalar(ahead) or 0)
