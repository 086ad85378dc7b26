"""What goes to a queue of RabbitMQ."""

from __future__ import annotations

from collections import deque

from cattube_worker.queues.address import QueueAddress
from cattube_worker.queues.amqp.errors import in_words
from cattube_worker.queues.amqp.line import Line
from cattube_worker.queues.queue import Message, QueueError, QueueRefused


class AmqpSender:
    """Sender to one queue. As many connections are kept as threads have sent at the same time."""

    def __init__(self, address: QueueAddress) -> None:
        self._address = address
        self._idle: deque[Line] = deque()

    def send(self, message: Message) -> None:
        line = self._idle_line()
        if line is not None:
            try:
                self._publish(line, message)
            except QueueRefused:
                raise
            except QueueError:
                # It may have been cut while nobody sent: nothing is wrong with the broker then.
                pass
            else:
                return
        with in_words(self._address):
            line = Line(self._address)
        self._publish(line, message)

    def close(self) -> None:
        while line := self._idle_line():
            line.close()

    def _idle_line(self) -> Line | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _publish(self, line: Line, message: Message) -> None:
        try:
            with in_words(self._address):
                line.publish(self._address.name, message)
        except QueueError:
            # A confirmation may still come, which would be taken for that of the next message.
            line.drop()
            raise
        self._idle.append(line)
