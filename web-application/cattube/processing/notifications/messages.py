"""Messages of the queue: the same bodies that an engine posts, to the same functions."""

from django.conf import settings
from django.http import QueryDict

from cattube.processing.bucket.reports import receive_report, reported_attempt
from cattube.processing.notifications.statuses import NotificationTooLarge, receive_status
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
    if message.headers.get("content-type", "").startswith(JSON):
        receive_report(*reported_attempt(message.headers.get("notify-url", "")), message.body)
        return
    fields = QueryDict(message.body)
    receive_status(fields.get("transloadit", ""), fields.get("signature", ""))
