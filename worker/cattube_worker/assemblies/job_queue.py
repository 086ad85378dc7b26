"""The order in which jobs get their turn, and how long the queue before an assembly is."""

from __future__ import annotations

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import WORK, Job

TURN = (Job.due_at, Job.created_at, Job.id)


def queue_position(session: Session, assembly_id: str) -> int | None:
    """1 for the assembly whose turn is next; None when none of its work waits, or some of it runs already.

    Looks at fresh uploads do not count, and neither does what nobody waits for: each has its own queue.
    """
    jobs = select(Job).where(Job.queue == WORK)
    mine = jobs.filter_by(assembly_id=assembly_id)
    if session.scalar(mine.filter_by(state="running").limit(1)) is not None:
        return None
    first = session.scalar(mine.filter_by(state="waiting").order_by(*TURN).limit(1))
    if first is None:
        return None
    is_earlier = tuple_(*TURN) < tuple_(first.due_at, first.created_at, first.id)
    ahead = select(func.count(Job.assembly_id.distinct())).where(
        Job.state == "waiting", Job.queue == WORK, Job.assembly_id != assembly_id, is_earlier
    )
    return 1 + (session.scalar(ahead) or 0)
