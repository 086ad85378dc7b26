"""Announcements: jobs that began to wait, and that worker hosts are to be told of."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.hosts.lease_owner import host_of
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

    Nobody is told of a job that is gone, that is to be tried later, or that was taken without a message.
    """
    rows = session.execute(
        select(Announcement.number, Announcement.job_id, Job)
        .outerjoin(Job, Job.id == Announcement.job_id)
        .order_by(Announcement.number)
        .limit(limit)
    ).all()
    workers = set(hosts.worker_names(session)) if rows else set()
    return [
        NewJob(number, job_id, job.queue, job.host)
        if job is not None and _needs_message(job, workers, now)
        else NewJob(number, job_id, None, None)
        for number, job_id, job in rows
    ]


def _needs_message(job: Job, workers: Set[str], now: float) -> bool:
    """A job that a worker host has taken does: that host came for another one, which has no message now.

    Other hosts take jobs without messages.
    """
    if job.state == "waiting":
        return job.due_at <= now
    return host_of(job.lease_owner) in workers


def forget(session: Session, numbers: Sequence[int]) -> None:
    """Forget announcements that were made."""
    session.execute(delete(Announcement).where(Announcement.number.in_(numbers)))
