"""The notifications of an assembly: the log of deliveries, and sending one again."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from cattube_worker.assemblies import deliveries, repository
from cattube_worker.assemblies.creation.create import read_notify_url
from cattube_worker.assemblies.deliveries import delivery_entries
from cattube_worker.database import Database
from cattube_worker.execution.outbox import CLAIM_SECONDS, Outbox
from cattube_worker.execution.signals import Signals
from cattube_worker.routes.requests.assembly_access import check_may_read
from cattube_worker.routes.requests.authentication import signed_params
from cattube_worker.routes.services import now, service

blueprint = Blueprint("notifications", __name__)
ONE = "/assembly_notifications/<hex32:assembly_id>"


@blueprint.get(ONE)
def list_notifications(assembly_id: str) -> Response:
    """The delivery log, oldest try first, for whoever may read the status."""
    with service(Database).read() as session:
        assembly = repository.get(session, assembly_id)
        check_may_read(assembly)
        notifications = deliveries.deliveries_of(session, assembly_id)
    entries = [entry for notification in notifications for entry in delivery_entries(assembly, notification)]
    response = jsonify(
        ok="ASSEMBLY_NOTIFICATIONS_LISTED",
        message="The notifications of the Assembly were listed.",
        count=len(entries),
        notifications=entries,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post(f"{ONE}/replay")
def replay_notification(assembly_id: str) -> Response:
    """Send the notification again, and wait for the receiver's answer unless `wait` is false."""
    document = signed_params("assembly_notifications:write", may_say=("notify_url",)).document
    url, waits, asked_at = read_notify_url(document), document.get("wait") is not False, now()
    # While somebody waits for it, the outbox is not to take it.
    due_at = asked_at + CLAIM_SECONDS if waits else asked_at
    with service(Database).write() as session:
        notification = deliveries.add_replay(session, assembly_id, url=url, due_at=due_at, now=asked_at)
    if waits:
        _deliver(notification.id)
    service(Signals).publish(assembly_id)
    return jsonify(
        ok="ASSEMBLY_NOTIFICATION_REPLAYED" if waits else "ASSEMBLY_NOTIFICATION_REPLAYING",
        message=f"The notification of the Assembly {'was' if waits else 'is being'} sent again.",
        success=True,
        notification_id=notification.id,
    )


def _deliver(notification_id: str) -> None:
    delivery = service(Outbox).deliver(notification_id)
    if not delivery.is_accepted:
        reason = delivery.error or f"It answered {delivery.response_code}."
        raise deliveries.NotificationNotReplayed(f"The receiver did not take the notification. {reason}")
