"""The brokers by the name that an address has for them; each is imported when it is asked for."""

from __future__ import annotations

from cattube.queues.address import QueueAddress
from cattube.queues.queue import Receiver, Sender


def open_sender(address: QueueAddress) -> Sender:
    """A sender, which connects when it is first used."""
    if address.broker == "amqp":
        from cattube.queues.amqp.sender import AmqpSender

        return AmqpSender(address)
    from cattube.queues.kafka.sender import KafkaSender

    return KafkaSender(address)


def open_receiver(address: QueueAddress) -> Receiver:
    """A receiver, which connects when it is first used."""
    if address.broker == "amqp":
        from cattube.queues.amqp.receiver import AmqpReceiver

        return AmqpReceiver(address)
    from cattube.queues.kafka.receiver import KafkaReceiver

    return KafkaReceiver(address)
