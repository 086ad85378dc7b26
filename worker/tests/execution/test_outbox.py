"""Notifications: written with the end, delivered until a receiver accepts them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from cattube_worker.assemblies.model import DeliveryAttempt
from cattube_worker.outbound.errors import OutboundError
from cattube_worker.outbound.http import Answer, Outbound
from cattube_worker.protocol.signature import InvalidSignature, verify

from ..conftest import SECRET, UPLOAD_ONLY, TestEngine, open_test_engine

URL = "http://site.test/notifications"


@dataclass(frozen=True)
class Receiver(Outbound):
    """A receiver in place of the HTTP client: gives the answers it was made with, and keeps what it got."""

    answers: list[int | OutboundError] = field(default_factory=list)
    got: list[dict[str, str]] = field(default_factory=list)

    def post(self, url: str, body: bytes, *, content_type: str) -> Answer:
        assert content_type.startswith("application/x-www-form-urlencoded")
        self.got.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, OutboundError):
            raise answer
        return Answer(answer, "thank you")


def deliver(engine: TestEngine, receiver: Receiver) -> None:
    while engine.outbox(receiver).deliver_one():
        pass


def test_receiver_gets_the_final_status_signed(engine: TestEngine) -> None:
    assembly = engine.assembly(expected=0, notify_url=URL, fields={"video": "abc"})
    receiver = Receiver()

    deliver(engine, receiver)

    note = receiver.got[0]
    verify(note["transloadit"], note["signature"], secret=SECRET)
    with pytest.raises(InvalidSignature):
        verify(note["transloadit"] + " ", note["signature"], secret=SECRET)
    told = json.loads(note["transloadit"])
    assert (told["ok"], told["assembly_id"]) == ("ASSEMBLY_COMPLETED", assembly["assembly_id"])
    assert told["params"] == assembly["params"]
    assert engine.status(assembly)["notify_status"] == "successful"
    assert engine.status(assembly)["notify_response_data"] == "thank you"


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_two_hundred_is_taken_as_yes(engine: TestEngine, status: int) -> None:
    engine.assembly(expected=0, notify_url=URL)
    receiver = Receiver(answers=[status])

    deliver(engine, receiver)
    engine.clock.advance(3600)
    deliver(engine, receiver)

    assert len(receiver.got) == 1


@pytest.mark.parametrize("answer", [500, 404, 301, 400, OutboundError("gone")])
def test_receiver_that_does_not_take_it_is_asked_again(
    engine: TestEngine, answer: int | OutboundError
) -> None:
    """W06, W17, F10"""
    assembly = engine.assembly(expected=0, notify_url=URL)
    receiver = Receiver(answers=[answer, answer])

    deliver(engine, receiver)
    assert engine.status(assembly)["notify_status"] == "processing"
    for _ in range(2):
        engine.clock.advance(6)
        deliver(engine, receiver)

    assert len(receiver.got) == 3
    assert engine.status(assembly)["notify_status"] == "successful"
    with engine.database.read() as session:
        assert session.query(DeliveryAttempt).count() == 3


def test_six_tries_are_made_in_the_first_minute_and_the_last_after_a_day(engine: TestEngine) -> None:
    assembly = engine.assembly(expected=0, notify_url=URL)
    receiver = Receiver(answers=[500] * 1000)
    start = engine.clock()

    while engine.clock() < start + 69:
        deliver(engine, receiver)
        engine.clock.advance(1)
    assert len(receiver.got) >= 6

    while engine.status(assembly)["notify_status"] == "processing":
        engine.clock.advance(600)
        deliver(engine, receiver)
    assert engine.status(assembly)["notify_status"] == "error"
    assert 24 * 3600 < engine.clock() - start < 26 * 3600


def test_notification_survives_a_death_in_the_middle_of_its_delivery(tmp_path: Path) -> None:
    """F08, F09"""
    engine = open_test_engine(tmp_path)
    engine.assembly(expected=0, notify_url=URL)
    engine.outbox(Receiver())._claim()
    engine.close()

    again, receiver = open_test_engine(tmp_path, engine.clock), Receiver()
    deliver(again, receiver)
    assert receiver.got == []
    again.clock.advance(61)
    deliver(again, receiver)

    assert len(receiver.got) == 1
    again.close()


@pytest.mark.parametrize("end", ["cancelled", "failed"])
def test_every_end_is_told(engine: TestEngine, end: str) -> None:
    steps = {":original": {"robot": "/upload/handle"}, "x": {"robot": "/s3/store", "credentials": "alice's"}}
    engine.store_credentials("alice's")
    assembly = engine.assembly(notify_url=URL, steps=steps)
    engine.delete_credentials("alice's")
    if end == "cancelled":
        engine.client.delete(f"/assemblies/{assembly['assembly_id']}")
    else:
        engine.upload(assembly, b"meow")
        engine.work()
    receiver = Receiver()

    deliver(engine, receiver)

    told = json.loads(receiver.got[0]["transloadit"])
    assert told.get("ok", told.get("error")) in ("ASSEMBLY_CANCELED", "TEMPLATE_CREDENTIALS_INJECTION_ERROR")


def test_old_receivers_get_a_bare_sha1(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, notification_signature="sha1-bare")
    engine.assembly(expected=0, notify_url=URL)
    receiver = Receiver()

    deliver(engine, receiver)

    assert len(receiver.got[0]["signature"]) == 40
    engine.close()


def test_assembly_without_notify_url_tells_nobody(engine: TestEngine) -> None:
    engine.assembly(expected=0)

    assert not engine.parts.reports.outbox.has_due()


def error_of(engine: TestEngine, assembly_id: str) -> str:
    """The error of the one try to notify."""
    (entry,) = engine.client.get(f"/assembly_notifications/{assembly_id}").get_json()["notifications"]
    return str(entry["error"])


@pytest.mark.parametrize("is_signed", [True, False])
def test_w43_only_who_signed_has_somebody_on_this_machine_notified(tmp_path: Path, is_signed: bool) -> None:
    engine = open_test_engine(tmp_path, require_signature=False)
    form = engine.signed({"steps": UPLOAD_ONLY, "notify_url": "http://127.0.0.1:1/notifications"})
    if not is_signed:
        del form["signature"]
    assembly_id = engine.client.post("/assemblies", data=form).get_json()["assembly_id"]

    engine.parts.reports.outbox.deliver_one()

    assert ("NOTIFY_HOSTS does not name" in error_of(engine, assembly_id)) != is_signed
    engine.close()


def test_w43_anonymous_videos_are_reported_to_nobody_on_this_machine(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, allow_anonymous_videos="true")
    video = {"inputObject": "raw/none.mp4", "webhook": "http://127.0.0.1:1/done"}
    assembly_id = engine.client.post("/videos", json=video).get_json()["assembly_id"]
    engine.work()

    engine.parts.reports.outbox.deliver_one()

    assert "NOTIFY_HOSTS does not name" in error_of(engine, assembly_id)
    engine.close()
