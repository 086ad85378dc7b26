"""Jobs that wait for a host which is not there."""

from __future__ import annotations

from collections.abc import Set

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.jobs.job_queue import unindexed
from cattube_worker.assemblies.model import WORK, Job


def is_held(session: Session, assembly_id: str, *, now: float) -> bool:
    """True when what somebody waits for stands still until a host comes that takes jobs. now: the time.

    On a site of several hosts; the only host of another takes all jobs, and reports itself nowhere.
    """
    if hosts.any_takes_jobs(session):
        return False
    jobs = session.execute(
        select(Job.state, Job.host, Job.declined_by, Job.lease_until).where(
            Job.assembly_id == assembly_id,
            unindexed(Job.queue) == WORK,
            unindexed(Job.state).in_(("waiting", "running")),
        )
    ).all()
    present = hosts.present_names(session)
    return bool(jobs) and not any(_is_served(job, present, now) for job in jobs)


def _is_served(job: Row[str, str | None, str, float | None], present: Set[str], now: float) -> bool:
    """True for a job that runs, and for one that a host runs which takes no others."""
    if job.state == "running" and (job.lease_until or 0.0) >= now:
        return True
    # What another host has declined, any host tries, also one that leaves jobs to others.
    return job.host in present if job.host is not None else bool(job.declined_by and present)
