"""The outbox: notifications are kept until a receiver has taken them, and each try is logged."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.creation.video_requests import is_video_request, video_notification
from cattube_worker.assemblies.model import DeliveryAttempt, Notification
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.errors import AssemblyError
from cattube_worker.execution.statuses.statuses import Statuses
from cattube_worker.instructions.compile import read_instructions
from cattube_worker.protocol.notification_payload import notification_payload
from cattube_worker.protocol.signature import sign

if TYPE_CHECKING:
    from cattube_worker.outbound.http import Answer

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8"
# Six tries in the first minute, as a receiver may still be writing down what it is told about; then slower.
RETRY_SECONDS = (0, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)
GIVE_UP_SECONDS = 24 * 3600
CLAIM_SECONDS = 60
KEPT_RESPONSE = 2000


class Receiver(Protocol):
    """What takes notifications: a client of HTTP, or of a queue."""

    def post(self, url: str, body: bytes, *, content_type: str) -> Answer:
        """Its answer, whatever the status. Raises AssemblyError."""


class OpenOutbound(Protocol):
    def __call__(self, *, url: str, is_signed: bool) -> Receiver: ...


@dataclass(frozen=True)
class Delivery:
    """The outcome of one try."""

    duration_seconds: float
    response_code: int | None = None
    response_data: str | None = None
    error: str | None = None

    @property
    def is_accepted(self) -> bool:
        return self.response_code is not None and 200 <= self.response_code < 300


@dataclass(frozen=True, kw_only=True)
class Outbox:
    """Delivers the notifications of this engine.

    open_outbound: gives the client for the receiver at that address, of an assembly that was signed or not.
    secret, algorithm: of signatures.
    """

    database: Database
    clock: Clock
    statuses: Statuses
    open_outbound: OpenOutbound
    secret: str = field(repr=False)
    algorithm: str

    def has_due(self) -> bool:
        """Tell if a notification waits to be tried now."""
        with self.database.read() as session:
            return _due(session, self.clock()) is not None

    def deliver_one(self) -> bool:
        """Try the notification that is due longest, and tell if there was one."""
        # Read first: most of the time nothing is due, and writers wait for each other.
        notification = self._claim() if self.has_due() else None
        if notification is None:
            return False
        delivery = self._try(notification)
        self._record(notification.id, delivery, started_at=self.clock() - delivery.duration_seconds)
        self.statuses.changes.publish(notification.assembly_id)
        return True

    def deliver(self, notification_id: str) -> Delivery:
        """Try this notification now, and only once: the client that asked for it may ask again."""
        now = self.clock()
        with self.database.write() as session:
            notification = session.get_one(Notification, notification_id)
            notification.due_at = now + CLAIM_SECONDS
            notification.attempts += 1
        delivery = self._try(notification)
        self._record(notification_id, delivery, started_at=now, tries_again=False)
        return delivery

    def _claim(self) -> Notification | None:
        """The notification to try now. Nobody else tries it meanwhile, unless this process dies."""
        now = self.clock()
        with self.database.write() as session:
            notification = _due(session, now, lock=True)
            if notification is not None:
                notification.due_at = now + CLAIM_SECONDS
                notification.attempts += 1
            return notification

    def _try(self, notification: Notification) -> Delivery:
        start, assembly_id = self.clock(), notification.assembly_id
        try:
            body, content_type = self._body(assembly_id)
            outbound = self.open_outbound(url=notification.url, is_signed=self._is_signed(assembly_id))
            answer = outbound.post(notification.url, body, content_type=content_type)
        except AssemblyError as error:
            return Delivery(self.clock() - start, error=str(error))
        except Exception:
            log.exception("notification of assembly %s failed unexpectedly", assembly_id)
            return Delivery(self.clock() - start, error="The engine could not send; see its log.")
        return Delivery(self.clock() - start, answer.status, answer.body[:KEPT_RESPONSE])

    def _is_signed(self, assembly_id: str) -> bool:
        with self.database.read() as session:
            return repository.get(session, assembly_id).is_signed

    def _body(self, assembly_id: str) -> tuple[bytes, str]:
        """The body and its content type, in the form that the assembly's creator expects."""
        status = self.statuses.document(assembly_id)
        if is_video_request(str(status["params"])):
            with self.database.read() as session:
                files = repository.files_of(session, assembly_id)
                steps = read_instructions(repository.get(session, assembly_id).steps).steps
            return json.dumps(video_notification(status, files, steps)).encode(), "application/json"
        text = json.dumps(notification_payload(status), ensure_ascii=False)
        signature = sign(text, secret=self.secret, algorithm=self.algorithm)
        return urlencode({"transloadit": text, "signature": signature}).encode(), CONTENT_TYPE

    def _record(
        self, notification_id: str, delivery: Delivery, *, started_at: float, tries_again: bool = True
    ) -> None:
        now = self.clock()
        with self.database.write() as session:
            notification = session.get_one(Notification, notification_id)
            session.add(
                DeliveryAttempt(
                    notification_id=notification_id,
                    started_at=started_at,
                    duration_seconds=round(delivery.duration_seconds, 3),
                    response_code=delivery.response_code,
                    response_data=delivery.response_data,
                    error=delivery.error,
                )
            )
            if delivery.is_accepted:
                notification.state = "sent"
            elif not tries_again or now - notification.created_at > GIVE_UP_SECONDS:
                notification.state = "failed"
            else:
                notification.due_at = now + retry_delay(notification.attempts)
        if not delivery.is_accepted:
            reason = delivery.error or f"answered {delivery.response_code}"
            log.warning("notification of assembly %s not accepted: %s", notification.assembly_id, reason)


def retry_delay(attempts: int) -> float:
    """Seconds to wait after so many tries."""
    return RETRY_SECONDS[min(attempts, len(RETRY_SECONDS) - 1)]


def _due(session: Session, now: float, *, lock: bool = False) -> Notification | None:
    query = select(Notification).where(Notification.state == "waiting", Notification.due_at <= now)
    query = query.order_by(Notification.due_at, Notification.created_at, Notification.place).limit(1)
    return session.scalar(query.with_for_update(skip_locked=True) if lock else query)
