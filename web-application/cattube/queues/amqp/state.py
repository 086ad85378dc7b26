"""What waits in a queue of RabbitMQ."""

from __future__ import annotations

from cattube.queues.address import QueueAddress
from cattube.queues.amqp.connection import connect, disconnect, find_queue
from cattube.queues.amqp.errors import in_words


def amqp_state(address: QueueAddress) -> tuple[int, int]:
    """Messages that wait in the queue, and its consumers; none when it is not there. Raises QueueError."""
    with in_words(address):
        connection = connect(address)
        try:
            queue = find_queue(connection, address.name)
        finally:
            disconnect(connection)
    return (queue.message_count, queue.consumer_count) if queue else (0, 0)
