"""Notifications of an assembly, and the attempts to deliver them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import Assembly, DeliveryAttempt, Notification
from cattube_worker.errors import BadRequest
from cattube_worker.protocol.dates import status_date

LOG_STATUS = {"sent": "successful", "failed": "error"}


class Early(IntEnum):
    """Places of the notifications that a receiver gets before the end, if it was signed that it wants them.

    PUBLISHED: nothing is left but batch work, so that all that people wait for is stored.
    """

    CREATED = -2
    PUBLISHED = -1


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


def tell_created(session: Session, assembly: Assembly, *, now: float) -> None:
    """Have the receiver told that the assembly is there; and later, that it is published.

    The body is written when it is sent: whenever it comes, it tells the state of that moment.
    """
    if assembly.notify_url is not None and not assembly.is_final:
        url = assembly.notify_url
        add_notification(session, assembly.id, url=url, place=Early.CREATED, due_at=now, now=now)


def tell_published(session: Session, assembly: Assembly, *, now: float) -> None:
    """Have the receiver told once that only batch work is left, if it was told of the creation."""
    query = select(Notification).filter_by(assembly_id=assembly.id)
    url_of = {notification.place: notification.url for notification in session.scalars(query)}
    if Early.CREATED in url_of and Early.PUBLISHED not in url_of:
        url = url_of[Early.CREATED]
        add_notification(session, assembly.id, url=url, place=Early.PUBLISHED, due_at=now, now=now)


def any_waits(session: Session, assembly_id: str) -> bool:
    """True when a notification of the assembly is still to be delivered."""
    query = select(Notification.id).filter_by(assembly_id=assembly_id, state="waiting")
    return session.scalar(query.limit(1)) is not None


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
