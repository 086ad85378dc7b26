"""Commands about queues, at a real broker."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from manage_command import manage
from queues.patient_receiver import patiently, take
from servers.brokers.broker import Broker
from servers.certificates import make_certificates

from cattube.queues.address import read_address
from cattube.queues.brokers import open_receiver, open_sender
from cattube.queues.queue import Message
from cattube.queues.state import state_of


def test_w87_dead_letters_are_shown_with_their_reasons_sent_again_and_dropped(
    broker: Broker, tmp_path: Path
) -> None:
    settings = {"NOTIFICATIONS_URL": broker.new_address()}
    queue = read_address(settings["NOTIFICATIONS_URL"], default_name="")
    with closing(open_sender(queue)) as sender, closing(open_receiver(queue)) as receiver:
        sender.send(Message(b"meow"))
        receiver.bury(take(receiver), "INVALID_SIGNATURE: of somebody else")

    shown = manage(tmp_path, "dead_letters", **settings).stdout
    assert "1 dead letters of" in shown
    assert "INVALID_SIGNATURE: of somebody else" in shown

    again = manage(tmp_path, "dead_letters", "--again", **settings)
    assert again.returncode == 0, again.stderr
    with closing(open_receiver(queue)) as receiver:
        received = take(receiver)
        assert (received.message.body, "reason" in received.message.headers) == (b"meow", False)
        receiver.bury(received, "once more")

    assert manage(tmp_path, "dead_letters", "--drop", **settings).returncode == 0
    assert patiently(lambda: state_of(queue.dead_letters).waiting == 0)


def assert_not_started(data: Path, *, address: str) -> None:
    """The queue is named, and the password is not."""
    done = manage(data, "consume_notifications", NOTIFICATIONS_URL=address)

    assert done.returncode == 1
    assert read_address(address, default_name="").name in done.stderr
    assert "woof" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_w88_consumer_does_not_start_with_a_password_that_the_broker_refuses(
    full_broker: Broker, tmp_path: Path
) -> None:
    assert_not_started(tmp_path, address=full_broker.address_for(password="woof"))
    assert_not_started(tmp_path, address=full_broker.tls_address(password="woof"))


def test_w137_doctor_tells_a_certificate_that_does_not_hold_and_a_password_that_is_wrong(
    full_broker: Broker, tmp_path: Path
) -> None:
    unknown = full_broker.tls_address(authority=make_certificates(tmp_path).authority)
    for address, reason in {
        unknown: " cannot be used: its certificate does not hold (",
        full_broker.tls_address(password="woof"): " refuses ",
    }.items():
        told = manage(tmp_path, "doctor", NOTIFICATIONS_URL=address).stdout

        queue = read_address(address, default_name="")
        (line,) = [line for line in told.splitlines() if f"FAILED   Queue {queue.name}" in line]
        assert reason in line
        assert "Correct NOTIFICATIONS_URL" in told


def test_doctor_finds_a_queue_by_tls_well(full_broker: Broker, tmp_path: Path) -> None:
    address = full_broker.tls_address()
    queue = read_address(address, default_name="")
    with closing(open_receiver(queue)) as receiver:
        # RabbitMQ tells whether somebody listens.
        receiver.receive(0.1)
        told = manage(tmp_path, "doctor", NOTIFICATIONS_URL=address).stdout

    assert f"ok       Queue {queue.name}: {queue} takes messages" in told
