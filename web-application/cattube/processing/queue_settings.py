"""Queues that the settings name in the place of POSTs: to the engine, and from it."""

from django.conf import settings

from cattube.queues.address import QueueAddress, is_queue_address, read_address

ANNOUNCEMENTS, NOTIFICATIONS = "cattube.announcements", "cattube.notifications"


def announcement_queue() -> QueueAddress | None:
    """Where videos in the bucket are announced; None when that is done by POST."""
    return _queue(settings.TRANSCODER_WEBHOOK, ANNOUNCEMENTS)


def notification_queue() -> QueueAddress | None:
    """Where the engine's notifications come from; None when it posts them."""
    return _queue(settings.NOTIFICATIONS_URL, NOTIFICATIONS)


def _queue(text: str, default_name: str) -> QueueAddress | None:
    return read_address(text, default_name=default_name) if is_queue_address(text) else None
