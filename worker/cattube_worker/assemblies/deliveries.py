"""The notifications of one assembly, and the tries to deliver them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import Assembly, DeliveryAttempt, Notification
from cattube_worker.errors import BadRequest


class NoNotifyUrl(BadRequest):
    """Nobody said where to send a notification."""

    code = "ASSEMBLY_NO_NOTIFY_URL"


class NotificationNotReplayed(BadRequest):
    """The notification could not be sent again."""

    code = "ASSEMBLY_NOTIFICATION_NOT_REPLAYED"


@dataclass(frozen=True, kw_only=True)
class Notified:
    """One notification with the tries to deliver it, in their order."""

    notification: Notification
    attempts: Sequence[DeliveryAttempt]


def notifications_of(session: Session, assembly_id: str) -> list[Notified]:
    """All notifications of the assembly, oldest first."""
    query = select(Notification).filter_by(assembly_id=assembly_id)
    notifications = session.scalars(query.order_by(Notification.place)).all()
    return [Notified(notification=each, attempts=_attempts(session, each)) for each in notifications]


def add_replay(
    session: Session, assembly_id: str, *, url: str | None, due_at: float, now: float
) -> Notification:
    """A further notification about an assembly that has ended. url: instead of the assembly's own.

    Raises AssemblyNotFound, NoNotifyUrl, NotificationNotReplayed.
    """
    assembly = repository.get(session, assembly_id)
    if not assembly.is_final:
        raise NotificationNotReplayed("The assembly is still at work; its end is going to be notified.")
    notification = Notification(
        id=uuid.uuid4().hex,
        assembly_id=assembly_id,
        place=repository.next_place(session, Notification, assembly_id),
        url=url or _own_url(assembly),
        created_at=now,
        state="waiting",
        due_at=due_at,
    )
    session.add(notification)
    return notification


def _own_url(assembly: Assembly) -> str:
    if assembly.notify_url is None:
        raise NoNotifyUrl("This assembly has no notify_url; name one in the request.")
    return assembly.notify_url


def _attempts(session: Session, notification: Notification) -> Sequence[DeliveryAttempt]:
    query = select(DeliveryAttempt).filter_by(notification_id=notification.id)
    return session.scalars(query.order_by(DeliveryAttempt.number)).all()
