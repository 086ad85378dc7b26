"""What waits in a queue, whichever broker has it."""

from __future__ import annotations

from dataclasses import dataclass

from cattube.queues.address import QueueAddress


@dataclass(frozen=True)
class QueueState:
    """Messages that wait in a queue, and how many processes take them: None where nobody tells."""

    waiting: int
    consumers: int | None = None


def state_of(address: QueueAddress) -> QueueState:
    """State of the queue; an empty one when nothing was ever sent there. Raises QueueError."""
    if address.broker == "amqp":
        from cattube.queues.amqp.state import amqp_state

        return QueueState(*amqp_state(address))
    from cattube.queues.kafka.state import kafka_waiting

    return QueueState(kafka_waiting(address))
