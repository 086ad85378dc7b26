"""Announcements from a queue: each video is taken on once; what is of no use is put aside with the reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from cattube_worker.execution.announcements.consumer import AnnouncementConsumer
from cattube_worker.execution.announcements.messages import AnnouncementMessages
from cattube_worker.protocol.signature import sign
from cattube_worker.queues.queue import PING, Message, QueueError

from ...conftest import TestEngine, open_test_engine
from ...memory_queue import MemoryQueue

TOKEN = "shared token"
NONE_COME = "No announcements come: their queue cannot be used. The engine's log says why."
ASSEMBLY_ID = "0123456789abcdef" * 2
VIDEO = {
    "inputObject": "raw/cat.mp4",
    "webhook": "amqp:cattube.notifications/signed",
    "outputFolder": "roof-7",
    "assemblyId": ASSEMBLY_ID,
}


def announcement(*, token: str = TOKEN, **fields: Any) -> Message:
    body = json.dumps({**VIDEO, **fields})
    return Message(body.encode(), {"signature": sign(body, secret=token)})


@dataclass
class Consuming:
    """A consumer that a test drives by hand, with its engine and its queue."""

    engine: TestEngine
    queue: MemoryQueue
    consumer: AnnouncementConsumer

    def take(self, *messages: Message) -> None:
        for message in messages:
            self.queue.waiting.append(message)
            self.consumer.step()

    @property
    def assemblies(self) -> list[str]:
        listed = self.engine.client.get("/assemblies", query_string=self.engine.signed_now()).get_json()
        return [item["id"] for item in listed["items"]]


def consuming_with(engine: TestEngine, *, allow_anonymous: bool = False) -> Consuming:
    messages = AnnouncementMessages(
        announcements=engine.parts.arrivals.announcements,
        token=TOKEN,
        allow_anonymous=allow_anonymous,
        base_url="http://engine.test",
    )
    queue = MemoryQueue()
    return Consuming(engine, queue, AnnouncementConsumer(queue, messages.take, clock=engine.clock))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TestEngine]:
    engine = open_test_engine(tmp_path, videos_token=TOKEN)
    yield engine
    engine.close()


@pytest.fixture
def consuming(engine: TestEngine) -> Consuming:
    return consuming_with(engine)


def test_announced_video_is_worked_on_under_the_id_that_the_site_chose(
    engine: TestEngine, consuming: Consuming
) -> None:
    consuming.take(announcement())

    status = engine.status({"assembly_id": ASSEMBLY_ID})
    assert (status["ok"], status["fields"]["folder"]) == ("ASSEMBLY_EXECUTING", "roof-7")
    assert status["assembly_url"] == f"http://engine.test/assemblies/{ASSEMBLY_ID}"
    assert len(consuming.queue.done) == 1


def test_w89_video_announced_again_by_queue_or_post_is_made_once(
    engine: TestEngine, consuming: Consuming
) -> None:
    consuming.take(announcement(), announcement())
    answer = engine.client.post("/videos", json=VIDEO, headers={"Authorization": f"Bearer {TOKEN}"})

    assert (answer.status_code, answer.get_json()["assembly_id"]) == (202, ASSEMBLY_ID)
    assert consuming.assemblies == [ASSEMBLY_ID]
    assert (len(consuming.queue.done), consuming.queue.dead_letters) == (2, [])


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        pytest.param(announcement(token="other"), "INVALID_SIGNATURE", id="forged"),
        pytest.param(Message(json.dumps(VIDEO).encode()), "INVALID_SIGNATURE", id="unsigned"),
        pytest.param(
            Message(b"{meow", {"signature": sign("{meow", secret=TOKEN)}),
            "INVALID_FORM_DATA: The message is not JSON",
            id="no-json",
        ),
        pytest.param(Message(b"\xff\xfe", {"signature": "sha384:00"}), "INVALID_SIGNATURE", id="no-text"),
        pytest.param(Message(b"x" * 20_000), "INVALID_FORM_DATA: The message is longer", id="too-long"),
        pytest.param(announcement(inputObject="../cat"), "INVALID_FORM_DATA: inputObject", id="no-key"),
        pytest.param(announcement(webhook="file:///etc"), "INVALID_FORM_DATA: webhook", id="no-receiver"),
        pytest.param(announcement(assemblyId="1"), "INVALID_FORM_DATA: assemblyId", id="no-id"),
    ],
)
def test_w87_poison_is_put_aside_with_its_reason_and_the_next_video_is_taken_on(
    consuming: Consuming, poison: Message, reason: str
) -> None:
    consuming.take(poison, announcement())

    ((letter, told),) = consuming.queue.dead_letters
    assert letter == poison
    assert told.startswith(reason)
    assert consuming.assemblies == [ASSEMBLY_ID]


def test_w93_id_of_another_assembly_is_not_taken_for_the_same_video(
    engine: TestEngine, consuming: Consuming
) -> None:
    other = engine.assembly(expected=0)["assembly_id"]

    consuming.take(announcement(assemblyId=other))

    ((_, reason),) = consuming.queue.dead_letters
    assert reason.startswith("DO_NOT_REUSE_ASSEMBLY_IDS")
    assert consuming.assemblies == [other]


def test_engine_that_takes_videos_from_anybody_takes_unsigned_messages(engine: TestEngine) -> None:
    consuming = consuming_with(engine, allow_anonymous=True)

    consuming.take(Message(json.dumps(VIDEO).encode()))

    assert consuming.assemblies == [ASSEMBLY_ID]


def test_ping_of_the_doctor_is_dropped(consuming: Consuming) -> None:
    consuming.take(Message(b"", {PING: "doctor"}))

    assert (len(consuming.queue.done), consuming.queue.dead_letters) == (1, [])


def test_f55_database_that_is_away_for_hours_loses_no_announcement(engine: TestEngine) -> None:
    taken: list[Message] = []
    is_away = True

    def take(message: Message) -> None:
        if is_away:
            raise OperationalError("SELECT 1", {}, Exception("could not connect"))
        taken.append(message)

    queue = MemoryQueue()
    consumer = AnnouncementConsumer(queue, take, clock=engine.clock)
    queue.send(announcement())
    for _ in range(500):
        consumer.step()
        engine.clock.advance(30)
    assert (queue.done, queue.dead_letters) == ([], [])

    is_away = False
    consumer.step()

    assert taken == queue.done == [announcement()]


def test_f54_health_tells_that_the_broker_is_away_until_it_is_back(engine: TestEngine) -> None:
    stop, queue = Event(), MemoryQueue()
    reasons: list[str | None] = []

    def take(message: Message) -> None:
        reasons.append(consumer.reason())
        stop.set()

    consumer = AnnouncementConsumer(queue, take, clock=engine.clock)
    queue.errors.append(QueueError("the broker is away"))
    queue.waiting.append(announcement())
    consumer.run(stop)

    assert reasons == [NONE_COME]
    assert consumer.reason() is None


def test_w79_error_of_any_kind_is_told_and_the_next_announcement_comes(
    engine: TestEngine, caplog: pytest.LogCaptureFixture
) -> None:
    stop, queue = Event(), MemoryQueue()
    reasons: list[str | None] = []

    def take(message: Message) -> None:
        reasons.append(consumer.reason())
        stop.set()

    consumer = AnnouncementConsumer(queue, take, clock=engine.clock)
    queue.errors.append(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"))
    queue.waiting.append(announcement())
    consumer.run(stop)

    assert reasons == [NONE_COME]
    assert "The queue of announcements failed unexpectedly" in caplog.text


def test_w92_strangers_do_not_learn_where_a_broker_is_that_fails(
    engine: TestEngine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, queue = Event(), MemoryQueue()
    health: list[str] = []

    def take(message: Message) -> None:
        health.append(engine.client.get("/healthz").text)
        stop.set()

    consumer = AnnouncementConsumer(queue, take, clock=engine.clock)
    found: dict[type, object] = {AnnouncementConsumer: consumer}
    monkeypatch.setattr("cattube_worker.routes.health.optional_service", found.get)
    queue.errors.append(QueueError("cats at amqp://broker.lan:5672 cannot be used: refused"))
    queue.waiting.append(announcement())
    consumer.run(stop)

    assert NONE_COME in health[0]
    assert "broker.lan" not in health[0]
    assert "amqp://broker.lan:5672 cannot be used" in caplog.text
