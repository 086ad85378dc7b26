"""Commands about queues, at a real broker."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from manage_command import manage
from patient_receiver import patiently, take
from servers.brokers import Broker
from servers.rabbitmq import RabbitMQ

from cattube.queues.address import read_address
from cattube.queues.brokers import open_receiver, open_sender, state_of
from cattube.queues.queue import Message


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


def test_w88_consumer_does_not_start_with_a_password_that_the_broker_refuses(
    full_broker: Broker, tmp_path: Path
) -> None:
    address = full_broker.address_for(password="woof")

    if isinstance(full_broker.server, RabbitMQ):
        done = manage(tmp_path, "consume_notifications", NOTIFICATIONS_URL=address)
    else:  # whose client cannot tell, so that the consumer waits
        done = manage(tmp_path, "dead_letters", NOTIFICATIONS_URL=address)

    assert done.returncode == 1
    assert read_address(address, default_name="").name in done.stderr
    assert "woof" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
