"""manage.py consume_notifications: take the engine's notifications from the queue of NOTIFICATIONS_URL."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from cattube.processing.notifications.consumer import Consumer
from cattube.processing.notifications.messages import receive_message, receive_messages
from cattube.processing.queue_settings import notification_queue
from cattube.queues.brokers import open_receiver
from cattube.queues.queue import QueueError, QueueRefused
from cattube.queues.state import state_of


class Command(BaseCommand):
    # The checks import every page and the whole API; this process runs all day and needs neither.
    requires_system_checks = ()
    help = "Take the engine's notifications from the queue that NOTIFICATIONS_URL names, until SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        queue = notification_queue()
        if queue is None:
            raise CommandError(
                "NOTIFICATIONS_URL names no queue, so the engine posts its notifications: nothing is to be "
                "consumed."
            )
        try:
            state_of(queue)
        except QueueRefused as error:
            raise CommandError(f"NOTIFICATIONS_URL: {error}") from error
        except QueueError as error:
            self.stderr.write(f"NOTIFICATIONS_URL: {error}")  # it may come
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write(f"Taking notifications from {queue}.")
        self.stdout.flush()
        receiver = open_receiver(queue)
        try:
            Consumer(receiver, receive_message, receive_messages, rest=close_old_connections).run(stop)
        finally:
            receiver.close()
