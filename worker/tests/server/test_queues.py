"""A whole engine between two queues: what is announced is imported, and its end is reported."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from servers.brokers.broker import Broker
from servers.certificates import make_certificates

from cattube_worker.protocol.signature import sign
from cattube_worker.queues.address import QueueAddress, read_address
from cattube_worker.queues.brokers import open_receiver, open_sender
from cattube_worker.queues.queue import Message, QueueError, Received, Receiver

from .conftest import Server, start, wait_until

TOKEN = "shared token"
ASSEMBLY_ID = "0123456789abcdef" * 2


def announcement(webhook: str, **fields: Any) -> Message:
    body = json.dumps({"inputObject": "raw/cat.txt", "webhook": webhook, "assemblyId": ASSEMBLY_ID, **fields})
    return Message(body.encode(), {"signature": sign(body, secret=TOKEN)})


class Queues:
    """The two queues of an engine, as its site uses them."""

    def __init__(self, new_address: Callable[[], str]) -> None:
        self.settings: dict[str, Any] = {
            "ANNOUNCEMENTS_URL": new_address(),
            "NOTIFICATIONS_URL": new_address(),
            "VIDEOS_TOKEN": TOKEN,
        }

    def address(self, name: str) -> QueueAddress:
        return read_address(self.settings[name], default_name="")

    def announce(self, *messages: Message) -> None:
        with closing(open_sender(self.address("ANNOUNCEMENTS_URL"))) as sender:
            for message in messages:
                sender.send(message)

    @property
    def webhook(self) -> str:
        return f"{self.address('NOTIFICATIONS_URL').reference}/signed"


def take(receiver: Receiver) -> Received:
    """The next message; a broker that is away is waited for."""
    taken: list[Received] = []

    def look() -> bool:
        try:
            received = receiver.receive(1.0)
        except QueueError:
            return False
        taken.extend([received] if received else [])
        return bool(taken)

    wait_until(look)
    receiver.acknowledge(taken[0])
    return taken[0]


@pytest.fixture
def queues(broker: Broker) -> Queues:
    return Queues(broker.new_address)


@pytest.fixture
def server(queues: Queues, tmp_path: Path) -> Iterator[Server]:
    server = start_between(queues, tmp_path / "data")
    yield server
    server.stop()


def start_between(queues: Queues, data: Path) -> Server:
    """An engine that finds in its bucket what is announced."""
    bucket = data / "bucket" / "raw"
    bucket.mkdir(parents=True)
    (bucket / "cat.txt").write_bytes(b"no video, and stored all the same")
    return start(data, **queues.settings)


@pytest.fixture
def reports(queues: Queues) -> Iterator[Receiver]:
    with closing(open_receiver(queues.address("NOTIFICATIONS_URL"))) as receiver:
        yield receiver


def test_video_that_is_announced_twice_is_imported_and_reported_once(
    queues: Queues, server: Server, reports: Receiver
) -> None:
    queues.announce(announcement(queues.webhook), announcement(queues.webhook))

    message = take(reports).message

    report = json.loads(message.body)
    assert (report["inputObject"], report["status"]) == ("raw/cat.txt", "success")
    assert message.headers["notify-url"] == queues.webhook
    assert server.get(f"/assemblies/{ASSEMBLY_ID}")["ok"] == "ASSEMBLY_COMPLETED"
    assert reports.receive(2.0) is None


def test_f54_broker_that_was_away_brings_announcements_again(
    broker: Broker, queues: Queues, server: Server, reports: Receiver
) -> None:
    queues.announce(announcement(queues.webhook))
    take(reports)

    broker.server.stop()
    wait_until(lambda: "announcements" in server.get("/healthz")["degraded"] or is_kafka(broker))
    broker.server.start()
    wait_until(lambda: announces(queues, announcement(queues.webhook, assemblyId="f" * 32)))

    assert json.loads(take(reports).message.body)["status"] == "success"
    wait_until(lambda: "announcements" not in server.get("/healthz")["degraded"])


def is_kafka(broker: Broker) -> bool:
    """True where the client waits for its broker by itself, and tells nobody."""
    return broker.new_address().startswith("kafka")


def announces(queues: Queues, message: Message) -> bool:
    try:
        queues.announce(message)
    except QueueError:
        return False
    return True


def test_w87_poison_lies_with_the_dead_letters_and_the_next_video_is_made(
    queues: Queues, server: Server, reports: Receiver
) -> None:
    queues.announce(Message(b"{meow", {"signature": "sha384:00"}), announcement(queues.webhook))

    assert json.loads(take(reports).message.body)["status"] == "success"
    with closing(open_receiver(queues.address("ANNOUNCEMENTS_URL").dead_letters)) as dead_letters:
        letter = take(dead_letters).message
    assert letter.body == b"{meow"
    assert letter.headers["reason"].startswith("INVALID_SIGNATURE")


def test_w138_video_is_announced_and_reported_by_tls(full_broker: Broker, tmp_path: Path) -> None:
    queues = Queues(full_broker.tls_address)
    server = start_between(queues, tmp_path / "data")
    try:
        queues.announce(announcement(queues.webhook))
        with closing(open_receiver(queues.address("NOTIFICATIONS_URL"))) as reports:
            assert json.loads(take(reports).message.body)["status"] == "success"
    finally:
        server.stop()


def test_w137_engine_starts_and_says_why_no_announcements_come(
    full_broker: Broker, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    unknown = make_certificates(tmp_path).authority
    wrong = {
        "its certificate does not hold": full_broker.tls_address(authority=unknown),
        " refuses ": full_broker.tls_address(password="woof"),
    }
    for reason, address in wrong.items():
        server = start(tmp_path / "data", ANNOUNCEMENTS_URL=address, VIDEOS_TOKEN=TOKEN)
        try:
            wait_until(partial(tells_no_announcements, server))
        finally:
            server.stop()
        log = "".join(capfd.readouterr())
        assert re.search(f"No announcements come, trying again in 1 s: .*{reason}", log)
        assert "woof" not in log


def tells_no_announcements(server: Server) -> bool:
    return "announcements" in server.get("/healthz")["degraded"]
