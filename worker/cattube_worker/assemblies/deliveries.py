"""Notifications of an assembly, and the attempts to deliver them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import Assembly, DeliveryAttempt, Notification
from cattube_worker.errors import BadRequest
from cattube_worker.protocol.dates import status_date

LOG_STATUS = {"sent": "successful", "failed": "error"}


class NoNotifyUrl(BadRequest):
    """Neither the assembly nor the request names a receiver."""

    code = "ASSEMBLY_NO_NOTIFY_URL"


class NotificationNotReplayed(BadRequest):
    """The notification could not be sent again."""

    code = "ASSEMBLY_NOTIFICATION_NOT_REPLAYED"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One notification and the attempts to deliver it, in their order."""

    notification: Notification
    attempts: Sequence[DeliveryAttempt]


def deliveries_of(session: Session, assembly_id: str) -> list[Delivery]:
    """Deliveries of all notifications of the assembly, oldest first."""
    query = select(Notification).filter_by(assembly_id=assembly_id)
    notifications = session.scalars(query.order_by(Notification.place)).all()
    return [Delivery(notification=row, attempts=_attempts(session, row)) for row in notifications]


def add_notification(
    session: Session, assembly_id: str, *, url: str, place: int, due_at: float, now: float
) -> Notification:
    """A notification in the outbox. due_at: from then on the outbox may send it."""
    notification = Notification(
        id=uuid.uuid4().hex,
        assembly_id=assembly_id,
        place=place,
        url=url,
        created_at=now,
        state="waiting",
        due_at=due_at,
    )
    session.add(notification)
    return notification


def add_replay(
    session: Session, assembly_id: str, *, url: str | None, due_at: float, now: float
) -> Notification:
    """A further notification of an assembly that has ended. url: in place of the assembly's own.

    Raises AssemblyNotFound, NoNotifyUrl, NotificationNotReplayed.
    """
    assembly = repository.get(session, assembly_id)
    if not assembly.is_final:
        raise NotificationNotReplayed("The assembly is still at work; its end is going to be notified.")
    place = repository.next_place(session, Notification, assembly_id)
    url = url or _own_url(assembly)
    return add_notification(session, assembly_id, url=url, place=place, due_at=due_at, now=now)


def delivery_entries(assembly: Assembly, delivery: Delivery) -> list[dict[str, Any]]:
    """Entries of the delivery log: one for each attempt, and one that is "processing" before the first."""
    notification, attempts = delivery.notification, delivery.attempts
    identity = {
        "id": notification.id,
        "app_id": None,
        "assembly_id": assembly.id,
        "url": notification.url,
    }
    if not attempts:
        unknown = dict.fromkeys(("start", "duration", "response_code", "response_data", "error"))
        return [{**identity, **unknown, "status": "processing"}]
    # An attempt after which another followed did not succeed.
    statuses = ["error"] * (len(attempts) - 1) + [LOG_STATUS.get(notification.state, "error")]
    return [
        {
            **identity,
            "start": status_date(attempt.started_at),
            "duration": attempt.duration_seconds,
            "status": status,
            "response_code": attempt.response_code,
            "response_data": attempt.response_data,
            "error": attempt.error,
        }
        for attempt, status in zip(attempts, statuses, strict=True)
    ]


def _own_url(assembly: Assembly) -> str:
    if assembly.notify_url is None:
        raise NoNotifyUrl("This assembly has no notify_url; name one in the request.")
    return assembly.notify_url


def _attempts(session: Session, notification: Notification) -> Sequence[DeliveryAttempt]:
    query = select(DeliveryAttempt).filter_by(notification_id=notification.id)
    return session.scalars(query.order_by(DeliveryAttempt.number)).all()
