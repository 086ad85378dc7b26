"""Jobs that may run now, and the part of them that a process may take. Conditions of queries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import aliased

from cattube_worker.assemblies.model import BATCH, PROBE, WORK, Job


@dataclass(frozen=True)
class Reach:
    """Jobs that this process may take. host: its own; None when there is only one, which may run everything.

    takes_bound_only: only those that no other host may run.
    """

    host: str | None = None
    takes_bound_only: bool = False

    def condition(self, queue: str) -> ColumnElement[bool]:
        """The condition that a job of `queue` is one of them."""
        if self.host is None:
            return true()
        is_own = Job.host == self.host
        # A probe for any host is older than the other hosts, and they have no use for it.
        if self.takes_bound_only and queue != PROBE:
            return is_own
        return or_(Job.host.is_(None), is_own)


EVERYWHERE = Reach()


def may_run(queue: str, reach: Reach, now: float) -> ColumnElement[bool]:
    """The condition that a job of `queue` may run: it waits, or its worker fell silent."""
    is_due = _is_last_of_assembly() if queue == BATCH else true()
    return and_(_is_claimable(now), Job.queue == queue, reach.condition(queue), is_due)


def _is_last_of_assembly() -> ColumnElement[bool]:
    """The condition that its assembly has no other work: a batch job must not take time from that."""
    other = aliased(Job)
    urgent = select(other.id).where(
        other.assembly_id == Job.assembly_id, other.queue == WORK, other.state.in_(("waiting", "running"))
    )
    return ~urgent.exists()


def _is_claimable(now: float) -> ColumnElement[bool]:
    waits = and_(Job.state == "waiting", Job.due_at <= now)
    fell_silent = and_(Job.state == "running", Job.lease_until < now)
    return or_(waits, fell_silent)
