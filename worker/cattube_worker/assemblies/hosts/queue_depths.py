"""Depth and age of the queues of jobs, as the database has them: what to scale by."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import BATCH, PROBE, SPEECH, WORK, Job

# PROBE is called in the database as earlier versions called it.
NAMES = {PROBE: "probe", WORK: "work", BATCH: "batch", SPEECH: "speech"}


@dataclass(frozen=True, kw_only=True)
class QueueDepth:
    """Jobs of one queue. oldest_seconds: how long the one that waits longest has been due."""

    queue: str
    waiting: int
    running: int
    oldest_seconds: float


def queue_depths(session: Session, *, now: float) -> list[QueueDepth]:
    """The queues, each with its jobs; those that are to be tried again later wait, too."""
    counted = select(Job.queue, Job.state, func.count(), func.min(Job.due_at))
    counted = counted.where(Job.state.in_(("waiting", "running"))).group_by(Job.queue, Job.state)
    rows = {(queue, state): (count, due_at) for queue, state, count, due_at in session.execute(counted)}
    depths = []
    for queue, name in NAMES.items():
        waiting, due_at = rows.get((queue, "waiting"), (0, now))
        running, _ = rows.get((queue, "running"), (0, now))
        oldest = max(0.0, now - due_at)
        depths.append(QueueDepth(queue=name, waiting=waiting, running=running, oldest_seconds=oldest))
    return depths
