"""Notifications by a queue: signed as those by POST, and sent once the broker has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from cattube_worker.outbound.notification_queue import NotificationQueue
from cattube_worker.protocol.signature import verify
from cattube_worker.queues.queue import QueueError

from ..conftest import SECRET, UPLOAD_ONLY, TestEngine, open_test_engine
from ..memory_queue import MemoryQueue

REFERENCE = "amqp:cattube.notifications"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TestEngine]:
    engine = open_test_engine(tmp_path, require_signature="false")
    yield engine
    engine.close()


@pytest.fixture
def queue(engine: TestEngine) -> MemoryQueue:
    """The queue of the engine, without a broker."""
    queue = MemoryQueue()
    engine.parts.reports.__dict__["notification_queue"] = NotificationQueue(REFERENCE, queue)
    return queue


def deliver(engine: TestEngine) -> None:
    while engine.parts.reports.outbox.deliver_one():
        pass


def test_notification_comes_by_the_queue_signed_as_ever(engine: TestEngine, queue: MemoryQueue) -> None:
    assembly = engine.assembly(expected=0, notify_url=REFERENCE)

    deliver(engine)

    (message,) = queue.waiting
    form = {name: values[0] for name, values in parse_qs(message.body.decode()).items()}
    verify(form["transloadit"], form["signature"], secret=SECRET)
    assert json.loads(form["transloadit"])["assembly_id"] == assembly["assembly_id"]
    assert message.headers["content-type"].startswith("application/x-www-form-urlencoded")
    status = engine.status(assembly)
    assert (status["notify_status"], status["notify_response_code"]) == ("successful", 202)


def test_f56_notification_is_sent_only_once_the_broker_has_confirmed_it(
    engine: TestEngine, queue: MemoryQueue
) -> None:
    assembly = engine.assembly(expected=0, notify_url=REFERENCE)
    queue.errors.extend([QueueError("the broker is away")] * 2)

    deliver(engine)
    assert engine.status(assembly)["notify_status"] == "processing"
    for _ in range(3):
        engine.clock.advance(10)
        deliver(engine)

    assert engine.status(assembly)["notify_status"] == "successful"
    assert len(queue.waiting) == 1


def test_w92_uploader_does_not_learn_where_a_broker_is_that_fails(
    engine: TestEngine, queue: MemoryQueue, caplog: pytest.LogCaptureFixture
) -> None:
    assembly = engine.assembly(expected=0, notify_url=REFERENCE)
    queue.errors.append(QueueError("cats at amqp://broker.lan:5672 cannot be used: refused"))

    deliver(engine)

    path = f"/assembly_notifications/{assembly['assembly_id']}"
    page = engine.client.get(path, query_string=engine.signed_now()).get_json()
    assert page["notifications"][0]["error"] == f"{REFERENCE} does not take messages at present."
    assert "broker.lan" not in json.dumps([page, engine.status(assembly)])
    assert "amqp://broker.lan:5672 cannot be used" in caplog.text


def test_w92_unsigned_request_is_not_reported_to_the_queue(engine: TestEngine, queue: MemoryQueue) -> None:
    params = {"auth": {"key": "key"}, "steps": UPLOAD_ONLY, "notify_url": REFERENCE}
    form = {"params": json.dumps(params), "num_expected_upload_files": "0"}
    assembly = engine.client.post("/assemblies", data=form).get_json()

    deliver(engine)

    assert "notify_url" in assembly
    assert not queue.waiting
    assert engine.status(assembly)["notify_status"] == "processing"


@pytest.mark.parametrize("name", ["amqp:other", "kafka:cattube.notifications"])
def test_w92_client_reaches_no_queue_but_the_one_that_the_operator_named(
    engine: TestEngine, queue: MemoryQueue, name: str
) -> None:
    engine.assembly(expected=0, notify_url=name)

    deliver(engine)

    assert not queue.waiting


@pytest.mark.parametrize("url", ["amqp://user:password@broker/", "kafka://broker/topic", "amqp:", "amqp:a b"])
def test_w92_no_client_names_a_broker(engine: TestEngine, url: str) -> None:
    answer = engine.create(expected=0, notify_url=url)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "ASSEMBLY_INVALID_NOTIFY_URL")


def test_engine_without_a_queue_says_so_in_the_log_of_deliveries(engine: TestEngine) -> None:
    assembly = engine.assembly(expected=0, notify_url=REFERENCE)

    deliver(engine)

    path = f"/assembly_notifications/{assembly['assembly_id']}"
    page = engine.client.get(path, query_string=engine.signed_now()).get_json()
    assert "NOTIFICATIONS_URL names none" in page["notifications"][0]["error"]
