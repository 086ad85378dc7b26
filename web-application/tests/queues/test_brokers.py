"""What a queue promises, kept by RabbitMQ and by Kafka. The engine has the same clients for both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from queues.patient_receiver import patiently, take
from servers.brokers.broker import Broker
from servers.brokers.kafka import SCRAM

from cattube.queues.address import QueueAddress, read_address
from cattube.queues.brokers import open_receiver, open_sender
from cattube.queues.queue import Message, QueueError, QueueRefused, Receiver, Sender
from cattube.queues.state import state_of

HEADERS = {"content-type": "application/json", "notify-url": "amqp:cats/1"}


@pytest.fixture
def queue(broker: Broker) -> QueueAddress:
    return read_address(broker.new_address(), default_name="")


@pytest.fixture
def kafka_with_passwords(full_broker: Broker) -> Broker:
    if not full_broker.is_kafka:
        pytest.skip("RabbitMQ has one way to tell a password.")
    return full_broker


@pytest.fixture
def receiver(queue: QueueAddress) -> Iterator[Receiver]:
    with closing(open_receiver(queue)) as receiver:
        yield receiver


def send(queue: QueueAddress, *messages: Message) -> None:
    with closing(open_sender(queue)) as sender:
        for message in messages:
            sender.send(message)


def sends(sender: Sender, message: Message) -> bool:
    sender.send(message)
    return True


def assert_refused(queue: QueueAddress) -> None:
    """The password of the address, "woof", is wrong."""
    with pytest.raises(QueueRefused) as refusal:
        send(queue, Message(b"meow"))
    broker = {"amqp": "RabbitMQ", "kafka": "Kafka"}[queue.broker]
    assert str(refusal.value).startswith(f"{broker} refuses {queue}: ")
    assert "woof" not in str(refusal.value)


def test_message_comes_as_it_was_sent(queue: QueueAddress, receiver: Receiver) -> None:
    send(queue, Message(b"\xff\x00 meow", HEADERS))

    message = take(receiver).message

    assert message.body == b"\xff\x00 meow"
    assert {name: message.headers[name] for name in HEADERS} == HEADERS


def test_f53_message_that_was_not_acknowledged_comes_again_and_one_that_was_does_not(
    queue: QueueAddress,
) -> None:
    """F53: a consumer dies between applying and acknowledging."""
    send(queue, Message(b"first"))
    with closing(open_receiver(queue)) as receiver:
        assert take(receiver).message.body == b"first"

    with closing(open_receiver(queue)) as receiver:
        again = take(receiver)
        assert again.message.body == b"first"
        receiver.acknowledge(again)
    send(queue, Message(b"second"))
    with closing(open_receiver(queue)) as receiver:
        assert take(receiver).message.body == b"second"


def test_w87_message_of_no_use_lies_with_the_dead_letters_and_the_next_one_comes(
    queue: QueueAddress, receiver: Receiver
) -> None:
    send(queue, Message(b"poison", HEADERS))
    receiver.bury(take(receiver), "INVALID_STATUS: no JSON")
    send(queue, Message(b"next"))

    assert take(receiver).message.body == b"next"
    with closing(open_receiver(queue.dead_letters)) as dead_letters:
        letter = take(dead_letters).message
    assert letter.body == b"poison"
    assert letter.headers["reason"] == "INVALID_STATUS: no JSON"
    assert letter.headers["notify-url"] == HEADERS["notify-url"]


def test_what_waits_is_counted(queue: QueueAddress) -> None:
    assert state_of(queue).waiting == 0
    send(queue, Message(b"one"), Message(b"two"))

    assert patiently(lambda: state_of(queue).waiting == 2)

    with closing(open_receiver(queue)) as receiver:
        receiver.acknowledge(take(receiver))
        receiver.bury(take(receiver), "no use")
    assert patiently(lambda: state_of(queue).waiting == 0)
    assert state_of(queue.dead_letters).waiting == 1


def test_w88_wrong_password_is_told_in_one_sentence(full_broker: Broker) -> None:
    queue = read_address(full_broker.address_for(password="woof"), default_name="")

    assert_refused(queue)
    right = read_address(full_broker.address_for(password=full_broker.password), default_name="")
    send(right, Message(b"meow"))


def test_w138_message_comes_by_tls_where_the_authority_is_known(full_broker: Broker) -> None:
    queue = read_address(full_broker.tls_address(), default_name="")
    assert state_of(queue).waiting == 0
    send(queue, Message(b"meow"))

    with closing(open_receiver(queue)) as receiver:
        received = take(receiver)
        receiver.bury(received, "no use")

    assert received.message.body == b"meow"
    assert patiently(lambda: state_of(queue.dead_letters).waiting == 1)


def test_w138_wrong_password_is_told_in_one_sentence_by_tls_too(full_broker: Broker) -> None:
    assert_refused(read_address(full_broker.tls_address(password="woof"), default_name=""))


def test_w138_kafka_knows_passwords_by_scram(kafka_with_passwords: Broker) -> None:
    right = read_address(kafka_with_passwords.tls_address(sasl=SCRAM), default_name="")
    send(right, Message(b"meow"))
    with closing(open_receiver(right)) as receiver:
        assert take(receiver).message.body == b"meow"

    assert_refused(
        read_address(kafka_with_passwords.tls_address(password="woof", sasl=SCRAM), default_name="")
    )
    other = read_address(kafka_with_passwords.tls_address(sasl="SCRAM-SHA-256"), default_name="")
    with pytest.raises(QueueRefused, match=r"it takes no sasl=SCRAM-SHA-256$"):
        send(other, Message(b"meow"))


def test_f54_broker_that_goes_and_comes_back_has_all_that_it_confirmed(
    full_broker: Broker, queue: QueueAddress, receiver: Receiver
) -> None:
    with closing(open_sender(queue)) as sender:
        sender.send(Message(b"before"))
        full_broker.server.stop()
        with pytest.raises(QueueError, match=f"{queue.name} at .* cannot be used"):
            sender.send(Message(b"meanwhile"))

        full_broker.server.start()
        patiently(lambda: sends(sender, Message(b"after")))

    bodies: set[bytes] = set()
    while not {b"before", b"after"} <= bodies:
        received = take(receiver)
        receiver.acknowledge(received)
        bodies.add(received.message.body)


def test_f54_receiver_goes_on_when_its_broker_is_back(
    broker: Broker, queue: QueueAddress, receiver: Receiver
) -> None:
    send(queue, Message(b"before"))
    receiver.acknowledge(take(receiver))
    broker.server.stop()
    broker.server.start()

    with closing(open_sender(queue)) as sender:
        patiently(lambda: sends(sender, Message(b"after")))

    bodies: set[bytes] = set()
    while b"after" not in bodies:
        bodies.add(take(receiver).message.body)
