"""Announcements: jobs that began to wait, and that worker hosts are to be told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import Announcement, Job


@dataclass(frozen=True)
class NewJob:
    """An announcement. queue: of the job, None when nobody is told. host: the only one that may run it."""

    number: int
    job_id: str
    queue: str | None
    host: str | None


def new_jobs(session: Session, *, now: float, limit: int) -> list[NewJob]:
    """The announcements that wait, oldest first.

    A job that was taken meanwhile is announced as well: who runs it came for another one, which would be left
    without a message. If it has ended already, it is not: most likely it was taken without any message, and
    one that is left without is announced again soon. Nor is what is gone, or is to be tried later.
    """
    rows = session.execute(
        select(Announcement.number, Announcement.job_id, Job)
        .outerjoin(Job, Job.id == Announcement.job_id)
        .order_by(Announcement.number)
        .limit(limit)
    )
    return [
        NewJob(number, job_id, job.queue, job.host)
        if job is not None and (job.state == "running" or (job.state == "waiting" and job.due_at <= now))
        else NewJob(number, job_id, None, None)
        for number, job_id, job in rows
    ]


def forget(session: Session, numbers: Sequence[int]) -> None:
    """Forget announcements that were made."""
    session.execute(delete(Announcement).where(Announcement.number.in_(numbers)))
