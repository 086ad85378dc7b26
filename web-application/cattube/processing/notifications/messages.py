"""Messages of the queue: the same bodies that an engine posts, to the same functions."""

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import SuspiciousOperation

from cattube.errors import SiteError
from cattube.processing.bucket.reports import receive_report, reported_attempt
from cattube.processing.notifications.form import form_fields
from cattube.processing.notifications.statuses import (
    NotificationTooLarge,
    receive_status,
    receive_statuses,
    signed_status,
)
from cattube.processing.transloadit.status.assembly_status import AssemblyStatus
from cattube.queues.queue import Message

JSON = "application/json"


def receive_message(message: Message) -> None:
    """Apply what the message says. Raises SiteError, as the endpoints for POSTs do.

    A form has `transloadit` and `signature`. JSON is a report about a video from the bucket, whose header
    `notify-url` ends with what we signed for this attempt at it.
    """
    if message.is_ping:
        return
    if len(message.body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise NotificationTooLarge
    if _is_report(message):
        receive_report(*reported_attempt(message.headers.get("notify-url", "")), message.body)
        return
    receive_status(*_signed_text(message))


def receive_messages(messages: Sequence[Message]) -> list[bool]:
    """Apply those of the messages that a record alone is changed by, all or none; tell of each if it is done.

    The others are to come to `receive_message`: what is of no use, a second one about the same video, and
    what has objects deleted or engines asked.
    """
    reports: dict[str, tuple[int, AssemblyStatus]] = {}
    for number, message in enumerate(messages):
        report = _status_in(message)
        if report is not None:
            reports.setdefault(report.video_id, (number, report))
    is_done = [False] * len(messages)
    applied = receive_statuses([report for _, report in reports.values()])
    for (number, _), is_applied in zip(reports.values(), applied, strict=True):
        is_done[number] = is_applied
    return is_done


def _status_in(message: Message) -> AssemblyStatus | None:
    """The status that the message brings; None when it brings none that is of use."""
    if message.is_ping or _is_report(message) or len(message.body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return None
    try:
        return signed_status(*_signed_text(message))
    except (SiteError, SuspiciousOperation):
        return None


def _is_report(message: Message) -> bool:
    return message.headers.get("content-type", "").startswith(JSON)


def _signed_text(message: Message) -> tuple[str, str]:
    fields = form_fields(message.body)
    return fields.get("transloadit", ""), fields.get("signature", "")
