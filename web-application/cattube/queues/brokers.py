"""The brokers by the name that an address has for them; each is imported when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from cattube.queues.address import QueueAddress
from cattube.queues.queue import Receiver, Sender


@dataclass(frozen=True)
class QueueState:
    """Messages that wait in a queue, and how many processes take them: None where nobody tells."""

    waiting: int
    consumers: int | None = None


def open_sender(address: QueueAddress) -> Sender:
    """A sender, which connects when it is first used."""
    if address.broker == "amqp":
        from cattube.queues.amqp import AmqpSender

        return AmqpSender(address)
    from cattube.queues.kafka import KafkaSender

    return KafkaSender(address)


def open_receiver(address: QueueAddress) -> Receiver:
    """A receiver, which connects when it is first used."""
    if address.broker == "amqp":
        from cattube.queues.amqp import AmqpReceiver

        return AmqpReceiver(address)
    from cattube.queues.kafka import KafkaReceiver

    return KafkaReceiver(address)


def state_of(address: QueueAddress) -> QueueState:
    """State of the queue; an empty one when nothing was ever sent there. Raises QueueError."""
    if address.broker == "amqp":
        from cattube.queues.amqp_line import amqp_state

        return QueueState(*amqp_state(address))
    from cattube.queues.kafka_state import kafka_waiting

    return QueueState(kafka_waiting(address))
