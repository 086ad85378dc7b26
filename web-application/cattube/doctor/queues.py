"""Checks of the queues between site and engine: they take messages, are read, and have no dead letters."""

from __future__ import annotations

from collections.abc import Iterator

from cattube.doctor.finding import Finding, failed, ok, warning
from cattube.processing.queue_settings import announcement_queue, notification_queue
from cattube.queues.address import QueueAddress
from cattube.queues.brokers import open_sender
from cattube.queues.queue import PING, Message, QueueError, QueueRefused
from cattube.queues.state import state_of

CONSUMER_OF_SITE = "Run: python manage.py consume_notifications (`make run` does so by itself)"
CONSUMER_OF_ENGINE = "Set ANNOUNCEMENTS_URL of the engine to the same queue, and start it."
DEAD_LETTERS = (
    "Run: python manage.py dead_letters. It shows the reasons; --again tries them once more, --drop deletes."
)


def check_queues() -> Iterator[Finding]:
    """Check every queue that the settings name."""
    if queue := announcement_queue():
        yield from _check("TRANSCODER_WEBHOOK", queue, consumer=CONSUMER_OF_ENGINE)
    if queue := notification_queue():
        yield from _check("NOTIFICATIONS_URL", queue, consumer=CONSUMER_OF_SITE)


def _check(setting: str, queue: QueueAddress, *, consumer: str) -> Iterator[Finding]:
    """Findings about one queue. consumer: what to do when nobody takes its messages."""
    name, sender = f"Queue {queue.name}", open_sender(queue)
    try:
        state = state_of(queue)
        sender.send(Message(b"", {PING: "doctor"}))  # whoever gets it drops it
        dead_letters = state_of(queue.dead_letters).waiting
    except QueueRefused as error:
        yield failed(name, f"{error}.", f"Correct {setting}, or the rights of its user at the broker.")
        return
    except QueueError as error:
        yield failed(name, f"{error}.", f"Start the broker, or correct {setting}.")
        return
    finally:
        sender.close()
    if state.consumers == 0:
        yield failed(name, f"Nobody takes messages from {queue}; {state.waiting} wait.", consumer)
    else:
        yield ok(name, f"{queue} takes messages; {state.waiting} wait.")
    if dead_letters:
        yield warning(
            name, f"{dead_letters} messages were put aside, for nobody could use them.", DEAD_LETTERS
        )
