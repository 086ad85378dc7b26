"""Turns of people: whoever sends many videos does not hold up whoever sends one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import event

from cattube_worker.assemblies.jobs.turns import Turns
from cattube_worker.execution.streaming.runner import StreamingRunner

from ...conftest import UPLOAD_ONLY, TestEngine
from .test_queue import ENCODE, claim_next, standing, waiting

MIB = 2**20


def queue_up(engine: TestEngine, owners: Sequence[str]) -> dict[str, dict[str, Any]]:
    """One waiting video after the other of these people, by name and number."""
    assemblies: dict[str, dict[str, Any]] = {}
    for owner in owners:
        number = 1 + sum(name.startswith(owner) for name in assemblies)
        assemblies[f"{owner} {number}"] = waiting(engine, ENCODE, fields={"owner": owner} if owner else {})
    return assemblies


def claimed(engine: TestEngine, assemblies: dict[str, dict[str, Any]], *, count: int) -> list[str]:
    """The videos whose jobs are claimed next."""
    names = {assembly["assembly_id"]: name for name, assembly in assemblies.items()}
    return [names[claim_next(engine)] for _ in range(count)]


@pytest.mark.parametrize(
    ("owners", "expected"),
    [
        pytest.param(["alice", "alice"], ["alice 1", "alice 2"], id="one person"),
        pytest.param(
            ["alice", "alice", "alice", "bob"], ["alice 1", "bob 1", "alice 2", "alice 3"], id="many and one"
        ),
        pytest.param(
            ["bob", "alice", "alice", "alice", "bob"],
            ["bob 1", "alice 1", "alice 2", "bob 2", "alice 3"],
            id="many and two",
        ),
        pytest.param(["", "", "bob"], [" 1", "bob 1", " 2"], id="those without a name are one person"),
    ],
)
def test_f88_people_take_turns_and_are_told_their_place(
    engine: TestEngine, owners: list[str], expected: list[str]
) -> None:
    assemblies = queue_up(engine, owners)
    places = {name: standing(engine, assembly) for name, assembly in assemblies.items()}

    order = claimed(engine, assemblies, count=len(assemblies))

    assert order == expected
    assert [places[name] for name in order] == [("queued", place + 1) for place in range(len(order))]


def test_f88_whoever_comes_anew_neither_waits_for_all_others_nor_goes_before_them(
    engine: TestEngine,
) -> None:
    of_alice = queue_up(engine, ["alice"] * 6)
    before = claimed(engine, of_alice, count=3)
    both = {**of_alice, **queue_up(engine, ["bob"] * 3)}
    places = {name: standing(engine, assembly)[1] for name, assembly in both.items() if name not in before}

    after = claimed(engine, both, count=6)

    assert before == ["alice 1", "alice 2", "alice 3"]
    assert after == ["bob 1", "alice 4", "bob 2", "alice 5", "bob 3", "alice 6"]
    assert [places[name] for name in after] == [1, 2, 3, 4, 5, 6]


def test_f94_what_has_begun_is_noted_once(engine: TestEngine) -> None:
    """F94: every claim is a transaction that others wait for."""
    stores = {
        name: {"robot": "/s3/store", "credentials": "cattube", "use": ":original", "path": name}
        for name in ("first", "second", "third")
    }
    waiting(engine, {**UPLOAD_ONLY, **stores})
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE jobs SET is_new"):
            statements.append(statement)

    event.listen(engine.database.engine, "before_cursor_execute", note)
    for _ in stores:
        claim_next(engine)

    assert len(statements) == 1


def test_f89_video_that_is_encoded_is_stored_before_the_next_is_encoded(engine: TestEngine) -> None:
    store = {"robot": "/s3/store", "credentials": "cattube"}
    first = {**store, "use": ":original", "path": "${assembly.id}/1"}
    second = {**store, "use": "first", "path": "${assembly.id}/2"}
    steps = {**UPLOAD_ONLY, "first": first, "second": second}
    alice, bob = (waiting(engine, steps, fields={"owner": owner}) for owner in ("alice", "bob"))

    assert engine.runner().run_once()
    engine.clock.advance(1)

    assert [claim_next(engine), claim_next(engine)] == [alice["assembly_id"], bob["assembly_id"]]


def test_f88_uploads_that_arrive_are_taken_up_in_turns(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(StreamingRunner, "_find", lambda self, upload_id: taken.append(upload_id))
    uploads = {}
    for name in ("alice 1", "alice 2", "alice 3", "bob 1"):
        assembly = engine.assembly(steps=ENCODE, fields={"owner": name.split()[0]})
        upload = engine.open_upload(assembly, MIB).rpartition("/")[2]
        engine.streaming.offer(upload, MIB)
        uploads[upload] = name

    while engine.parts.work.streaming_runner().run_once():
        pass

    assert [uploads[upload] for upload in taken] == ["alice 1", "bob 1", "alice 2", "alice 3"]


def test_turns_forget_whom_the_others_have_caught_up_with() -> None:
    turns = Turns()
    for owner in ["alice", "bob"] * 1000:
        turns.serve(owner)

    assert turns.tag("alice") == turns.tag("bob") == 1000
    assert turns.first({"a": "alice", "c": "carol"}) == "c"
    for number in range(5000):
        turns.serve(f"visitor {number}")
    assert len(turns._tags) <= 5002
