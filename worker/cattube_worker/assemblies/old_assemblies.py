"""Assemblies that ended long ago, and their deletion with all that belongs to them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.model import (
    FINAL_STATES,
    Assembly,
    DeliveryAttempt,
    File,
    Job,
    Notification,
    Upload,
)


def delete_old(session: Session, *, ended_before: float, limit: int) -> Sequence[str]:
    """Delete up to `limit` assemblies that ended before that time, the oldest first; their ids.

    One whose files are not tidied up yet, or whose notification is still to be delivered, stays.
    """
    old = _old(session, ended_before=ended_before, limit=limit)
    if not old:
        return old
    notifications = select(Notification.id).where(Notification.assembly_id.in_(old))
    session.execute(delete(DeliveryAttempt).where(DeliveryAttempt.notification_id.in_(notifications)))
    for table in (Notification, Job, File, Upload):
        session.execute(delete(table).where(table.assembly_id.in_(old)))
    session.execute(delete(Assembly).where(Assembly.id.in_(old)))
    return old


def _old(session: Session, *, ended_before: float, limit: int) -> Sequence[str]:
    is_waiting = (
        select(Notification.id)
        .where(Notification.assembly_id == Assembly.id, Notification.state == "waiting")
        .exists()
    )
    query = select(Assembly.id).where(
        Assembly.state.in_(FINAL_STATES),
        # It follows from the next condition, and has an index.
        Assembly.created_at < ended_before,
        Assembly.ended_at < ended_before,
        Assembly.tidied_at.is_not(None),
        ~is_waiting,
    )
    return session.scalars(query.order_by(Assembly.created_at).limit(limit)).all()
