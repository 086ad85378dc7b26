"""Notifications before the end, for a receiver that was signed that it wants them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cattube_worker.assemblies.model import PROBE, WORK, Notification

from ..conftest import STORE_ORIGINAL, UPLOAD_ONLY, TestEngine, open_test_engine
from .test_outbox import URL, Receiver, deliver

EARLY = {"notify_early": True, "owner": "alice", "video": "abc"}
LATER = {**STORE_ORIGINAL, "later": {**STORE_ORIGINAL["exported"], "queue": "batch"}}


def told_to(receiver: Receiver) -> list[tuple[str, str | None]]:
    """What each notification says: the state, and the phase of one that executes."""
    statuses = [json.loads(note["transloadit"]) for note in receiver.got]
    return [(status["ok"], status.get("execution_phase")) for status in statuses]


def publish(engine: TestEngine, assembly: dict[str, Any]) -> None:
    """Have the file arrive and all be done that people wait for, and nothing else."""
    engine.upload(assembly, b"meow")
    while any(engine.runner(queue).run_once() for queue in (PROBE, WORK)):
        pass


def test_t70_receiver_that_wants_it_is_told_of_creation_publication_and_end(engine: TestEngine) -> None:
    receiver = Receiver()
    assembly = engine.assembly(notify_url=URL, fields=EARLY, steps=LATER)
    deliver(engine, receiver)
    engine.clock.advance(1)
    publish(engine, assembly)
    deliver(engine, receiver)
    engine.clock.advance(1)
    engine.work()
    deliver(engine, receiver)

    assert told_to(receiver) == [
        ("ASSEMBLY_UPLOADING", None),
        ("ASSEMBLY_EXECUTING", "improving"),
        ("ASSEMBLY_COMPLETED", None),
    ]
    (stored,) = json.loads(receiver.got[1]["transloadit"])["results"][":original"]
    assert not stored["is_temp_url"]


@pytest.mark.parametrize(
    ("signed", "beside"),
    [
        pytest.param({"owner": "alice", "video": "abc"}, {}, id="not asked for"),
        pytest.param({"notify_early": "true"}, {}, id="another type"),
        pytest.param({}, {"notify_early": "true"}, id="asked for by the uploader alone"),
    ],
)
def test_t70_other_receivers_are_told_once(
    engine: TestEngine, signed: dict[str, Any], beside: dict[str, str]
) -> None:
    """Whoever takes any notification for the end would be misled by an earlier one."""
    form = engine.signed({"steps": LATER, "notify_url": URL, "fields": signed})
    data = {**form, **beside, "num_expected_upload_files": "1"}
    created = engine.client.post("/assemblies", data=data).get_json()
    receiver = Receiver()
    deliver(engine, receiver)
    publish(engine, created)
    deliver(engine, receiver)
    engine.work()
    deliver(engine, receiver)

    assert told_to(receiver) == [("ASSEMBLY_COMPLETED", None)]


def test_t70_fields_that_nobody_signed_do_not_ask_for_it(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, require_signature="false")
    form = engine.signed({"steps": UPLOAD_ONLY, "notify_url": URL, "fields": EARLY})
    del form["signature"]

    answer = engine.client.post("/assemblies", data={**form, "num_expected_upload_files": "1"})

    assert answer.status_code == 200
    assert not engine.parts.reports.outbox.has_due()
    engine.close()


def test_t70_without_batch_work_the_end_is_the_publication(engine: TestEngine) -> None:
    assembly = engine.assembly(notify_url=URL, fields=EARLY)
    receiver = Receiver()
    deliver(engine, receiver)
    engine.upload(assembly, b"meow")
    engine.work()
    deliver(engine, receiver)

    assert [state for state, _ in told_to(receiver)] == ["ASSEMBLY_UPLOADING", "ASSEMBLY_COMPLETED"]


def test_t70_nothing_is_early_about_an_assembly_that_ends_at_once(engine: TestEngine) -> None:
    engine.assembly(notify_url=URL, fields=EARLY, expected=0)
    receiver = Receiver()
    deliver(engine, receiver)

    assert told_to(receiver) == [("ASSEMBLY_COMPLETED", None)]


def test_t70_a_replay_is_told_by_its_end_alone(engine: TestEngine) -> None:
    assembly = engine.assembly(notify_url=URL, fields=EARLY, steps=LATER)
    publish(engine, assembly)
    deliver(engine, Receiver())
    receiver = Receiver()

    path = f"/assemblies/{assembly['assembly_id']}/replay"
    child = engine.client.post(path, data=engine.signed({})).get_json()["assembly_id"]
    engine.work()
    deliver(engine, receiver)

    ends = [json.loads(note["transloadit"]) for note in receiver.got]
    assert [end["ok"] for end in ends if end["assembly_id"] == child] == ["ASSEMBLY_COMPLETED"]


def test_t71_receiver_that_was_away_is_told_how_things_stand_when_it_is_back(engine: TestEngine) -> None:
    """A creation that is told late must not look like news of an upload."""
    assembly = engine.assembly(notify_url=URL, fields=EARLY, steps=LATER)
    receiver = Receiver(answers=[503])
    deliver(engine, receiver)
    publish(engine, assembly)
    engine.clock.advance(10)
    receiver.got.clear()

    deliver(engine, receiver)

    assert told_to(receiver) == [("ASSEMBLY_EXECUTING", "improving")] * 2


def test_t71_creation_is_told_by_an_engine_that_was_restarted_before_it_could(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path)
    created = engine.assembly(notify_url=URL, fields=EARLY)
    engine.close()

    again, receiver = open_test_engine(tmp_path, engine.clock), Receiver()
    deliver(again, receiver)

    (note,) = receiver.got
    assert json.loads(note["transloadit"])["assembly_id"] == created["assembly_id"]
    again.close()


def test_t71_status_tells_of_the_notification_of_the_end_alone(engine: TestEngine) -> None:
    assembly = engine.assembly(notify_url=URL, fields=EARLY)
    deliver(engine, Receiver())
    before = engine.status(assembly)
    engine.upload(assembly, b"meow")
    engine.work()
    deliver(engine, Receiver(answers=[202]))

    assert (before["notify_status"], before["notify_response_code"]) == (None, None)
    assert engine.status(assembly)["notify_response_code"] == 202


def test_t71_publication_is_written_down_once_however_many_jobs_follow(engine: TestEngine) -> None:
    steps = {**LATER, "latest": {**LATER["later"], "use": "later"}}
    assembly = engine.assembly(notify_url=URL, fields=EARLY, steps=steps)
    engine.upload(assembly, b"meow")
    engine.work()

    with engine.database.read() as session:
        places = session.scalars(select(Notification.place).order_by(Notification.place)).all()
    assert list(places) == [-2, -1, 0]
