"""manage.py dead_letters [--again | --drop]: messages that nobody could use, each with its reason."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cattube.processing.queue_settings import announcement_queue, notification_queue
from cattube.queues.address import QueueAddress
from cattube.queues.brokers import open_receiver, open_sender
from cattube.queues.queue import REASON, Message, QueueError, Received, Receiver
from cattube.queues.state import state_of

# Joining a group of Kafka takes some seconds.
WAIT_SECONDS = 20.0


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Show messages between site and engine that were put aside, each with its reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--again", action="store_true", help="send them once more, to be tried again")
        choice.add_argument("--drop", action="store_true", help="delete them")

    def handle(self, *args: Any, again: bool, drop: bool, **options: Any) -> None:
        queues = [queue for queue in (announcement_queue(), notification_queue()) if queue]
        if not queues:
            raise CommandError("Neither TRANSCODER_WEBHOOK nor NOTIFICATIONS_URL names a queue.")
        for queue in queues:
            try:
                self._show(queue, again=again, drop=drop)
            except QueueError as error:
                raise CommandError(str(error)) from error

    def _show(self, queue: QueueAddress, *, again: bool, drop: bool) -> None:
        count = state_of(queue.dead_letters).waiting
        self.stdout.write(f"{count} dead letters of {queue}.")
        receiver, sender = open_receiver(queue.dead_letters), open_sender(queue)
        try:
            for received in _letters(receiver, count):
                self.stdout.write(f"  {received.message.headers.get(REASON, 'without a reason')}")
                if again:
                    sender.send(_without_reason(received.message))
                if again or drop:
                    receiver.acknowledge(received)
        finally:
            receiver.close()
            sender.close()


def _letters(receiver: Receiver, count: int) -> Iterator[Received]:
    """As many messages as there were, fewer if somebody else takes them."""
    for _ in range(count):
        received = receiver.receive(WAIT_SECONDS)
        if received is None:
            return
        yield received


def _without_reason(message: Message) -> Message:
    return Message(message.body, {name: text for name, text in message.headers.items() if name != REASON})
