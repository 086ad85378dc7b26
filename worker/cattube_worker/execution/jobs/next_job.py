"""The order in which jobs run."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cattube_worker.assemblies.jobs.turns import Turns
from cattube_worker.assemblies.model import WORK
from cattube_worker.execution.jobs.claimable import Reach, first_of_people, first_to_run


def next_job(session: Session, turns: Turns, *, queue: str, reach: Reach, now: float) -> str | None:
    """Id of the job of `queue` that is to run next; another may have taken it, then there is a next one.

    In the queue WORK, where somebody waits for each, people take turns.
    """
    first = session.execute(first_to_run(queue, reach), {"now": now}).first()
    if first is None:
        return None
    if queue != WORK or not first.is_in_turn or not turns.is_ahead(first.owner):
        return str(first.id)
    job = turns.next_job(lambda: session.execute(first_of_people(reach), {"now": now}).all(), known_by=reach)
    return job.id if job is not None else None


def may_any_run(session: Session, *, queue: str, reach: Reach, now: float) -> bool:
    """Tell if a job of `queue` could run now."""
    return session.execute(first_to_run(queue, reach), {"now": now}).first() is not None
