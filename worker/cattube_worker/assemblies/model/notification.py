"""Notifications, and the attempts to deliver them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cattube_worker.assemblies.model.base import Base, RowNumber


class Notification(Base):
    """A notification in the outbox, written together with the state that it is about.

    place: 0 for the assembly's own, which tells its end; then one for each replay. Those before the end have
    the places of `deliveries.Early`. state: "waiting", "sent" or "failed".
    """

    __tablename__ = "notifications"
    __table_args__ = (Index("notifications_by_state", "state", "due_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    assembly_id: Mapped[str] = mapped_column(ForeignKey("assemblies.id"), index=True)
    place: Mapped[int]
    url: Mapped[str]
    created_at: Mapped[float]
    state: Mapped[str]
    due_at: Mapped[float]
    attempts: Mapped[int] = mapped_column(default=0)


class DeliveryAttempt(Base):
    """An attempt to deliver a notification, as the delivery log shows it."""

    __tablename__ = "delivery_attempts"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    notification_id: Mapped[str] = mapped_column(ForeignKey("notifications.id"), index=True)
    started_at: Mapped[float]
    duration_seconds: Mapped[float]
    response_code: Mapped[int | None]
    response_data: Mapped[str | None]
    error: Mapped[str | None]
