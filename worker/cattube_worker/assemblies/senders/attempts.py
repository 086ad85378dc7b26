"""Attempts: assemblies that were made one after the other for the same video of the same owner."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle
from cattube_worker.assemblies.model import UPLOADING, Assembly
from cattube_worker.assemblies.senders.sender import Sender


def is_same_video(sender: Sender) -> ColumnElement[bool]:
    """Condition on assemblies: made for the same video of the same owner. Nobody's video is no other's."""
    if sender.owner is None or sender.video is None:
        return false()
    # True or false, but never NULL, so that its contrary finds those without an owner.
    return and_(
        Assembly.owner.is_not_distinct_from(sender.owner), Assembly.video.is_not_distinct_from(sender.video)
    )


def end_earlier(session: Session, assembly: Assembly, *, now: float) -> Sequence[str]:
    """Cancel earlier attempts that still wait for their file, and return their ids.

    Whoever begins a video anew has given those up: they would keep places from others until they expire.
    An earlier attempt whose file is there goes on; the client decides about it.
    """
    if assembly.owner is None or assembly.video is None:
        return []
    query = select(Assembly).filter_by(state=UPLOADING).where(is_same_video(assembly.sender))
    earlier = session.scalars(query.where(Assembly.id != assembly.id)).all()
    for attempt in earlier:
        lifecycle.cancel(session, attempt, now=now)
    return [attempt.id for attempt in earlier]
