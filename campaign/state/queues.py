"""The queues of the broker, as its operator sees them."""

from __future__ import annotations

from collections.abc import Sequence

from kombu import Connection
from kombu.exceptions import OperationalError

_NOTIFICATIONS = "cattube.notifications"
_SHARED = ("cattube.work", "cattube.batch", "cattube.speech", _NOTIFICATIONS, f"{_NOTIFICATIONS}.dead")


def messages(url: str, hosts: Sequence[str]) -> dict[str, int]:
    """Messages in each queue that has any. hosts: names of those that have one of their own."""
    waiting = {}
    for name in [*_SHARED, *(f"cattube.host.{host}" for host in hosts)]:
        try:
            with Connection(url, connect_timeout=10) as connection:
                count = connection.default_channel.queue_declare(name, passive=True).message_count
        except (OperationalError, OSError, *Connection(url).channel_errors):
            # A queue that is not there has none.
            continue
        if count:
            waiting[name] = count
    return waiting
