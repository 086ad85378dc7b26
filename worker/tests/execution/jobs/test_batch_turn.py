"""Turn of batch work: it stands still while somebody waits, and is not starved for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from cattube_worker.assemblies.model import BATCH, PROBE, SPEECH, WORK, Job
from cattube_worker.execution.jobs.batch_turn import BatchTurn, Turn, next_turn
from cattube_worker.execution.jobs.running_jobs import Need, RunningJobs
from cattube_worker.execution.jobs.task_runner import TaskRunner

from ...conftest import UPLOAD_ONLY, TestClock, TestEngine
from ...talk import TRANSCRIPTION

STORE = {"robot": "/s3/store", "use": ":original", "credentials": "cattube", "path": "${assembly.id}/x"}
LATER = {**UPLOAD_ONLY, "later": {**STORE, "queue": "batch"}}
LADDER = {**UPLOAD_ONLY, "later": {"robot": "/video/encode", "use": ":original", "queue": "batch"}}


@pytest.mark.parametrize(
    ("turn", "seconds", "is_awaited", "expected"),
    [
        pytest.param(Turn("free"), 1, False, Turn("free"), id="nobody waits"),
        pytest.param(Turn("free"), 1, True, Turn("still"), id="somebody comes"),
        pytest.param(Turn("free", 100), 1, True, Turn("still", 95), id="somebody comes soon again"),
        pytest.param(Turn("still", 100), 2, True, Turn("still", 102), id="somebody waits on"),
        pytest.param(Turn("still", 100), 2, False, Turn("free", 102), id="nobody waits any more"),
        pytest.param(Turn("still", 299), 2, True, Turn("share", 301), id="it starves"),
        pytest.param(Turn("share", 301), 10, True, Turn("share", 251), id="its share"),
        pytest.param(Turn("share", 20), 4, True, Turn("still", 0), id="its share is used up"),
        pytest.param(Turn("share", 20), 1, False, Turn("free", 15), id="nobody waits during its share"),
        pytest.param(Turn("free", 20), 60, False, Turn("free", 0), id="it has caught up"),
        pytest.param(Turn("still", 9e9), 0, True, Turn("share", 9e9), id="no time passed"),
    ],
)
def test_f84_turn_follows_from_who_waits_and_how_long(
    turn: Turn, seconds: float, is_awaited: bool, expected: Turn
) -> None:
    assert next_turn(turn, seconds, is_awaited=is_awaited, starves_seconds=300) == expected


def test_batch_work_never_stands_still_where_that_is_switched_off() -> None:
    assert next_turn(Turn("still", 5), 1, is_awaited=True, starves_seconds=0).phase == "free"


def seconds_at_work(turn: BatchTurn, clock: TestClock, *, seconds: int, step: float = 0.25) -> float:
    """How many of so many seconds the turn leaves to batch work that asks all the time."""
    worked = 0.0
    for _ in range(int(seconds / step)):
        worked += 0 if turn.must_pause() else step
        clock.advance(step)
    return worked


def test_f84_batch_work_gets_a_sixth_of_the_time_while_an_upload_never_ends() -> None:
    clock = TestClock()
    turn = BatchTurn(lambda: True, starves_seconds=300, now=clock)

    assert seconds_at_work(turn, clock, seconds=299) == 0
    assert seconds_at_work(turn, clock, seconds=61) == pytest.approx(60, abs=1)
    assert seconds_at_work(turn, clock, seconds=3600) == pytest.approx(600, abs=2)


def test_f84_breaks_of_a_moment_do_not_make_it_wait_anew() -> None:
    clock, moments = TestClock(), iter(range(10**6))
    turn = BatchTurn(lambda: next(moments) % 40 != 0, starves_seconds=300, now=clock)

    assert seconds_at_work(turn, clock, seconds=1200) > 150


def test_turn_is_a_new_one_for_work_that_comes_later() -> None:
    clock = TestClock()
    turn = BatchTurn(lambda: True, starves_seconds=300, now=clock)
    seconds_at_work(turn, clock, seconds=299)
    clock.advance(3600)  # That work was canceled, and there was none for an hour.

    assert seconds_at_work(turn, clock, seconds=299) == 0


@pytest.mark.parametrize("seconds", [-86400, 86400], ids=["back", "on"])
def test_f86_clock_that_is_set_while_a_job_stands_still_costs_it_nothing(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    assembly = waiting_batch_job(engine)
    run = TaskRunner.run

    def run_after_a_pause(*arguments: Any) -> Any:
        with somebody_waits(engine):
            assert engine.jobs.batch_turns[BATCH].must_pause()
            engine.clock.advance(seconds)
            engine.jobs.renew_leases()
        return run(*arguments)

    monkeypatch.setattr(TaskRunner, "run", run_after_a_pause)
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    with engine.database.read() as session:
        assert session.query(Job).filter_by(queue=BATCH).one().attempt == 1


@contextmanager
def somebody_waits(engine: TestEngine) -> Iterator[None]:
    """Another job under way, for which somebody waits."""
    with engine.jobs.running.register("other", "other", 0, need=Need.AWAITED):
        yield


def waiting_batch_job(engine: TestEngine) -> dict[str, Any]:
    """An assembly that has nothing left but a batch job, which waits."""
    assembly = engine.assembly(steps=LATER)
    engine.upload(assembly, b"meow")
    assert engine.runner(PROBE).run_once()
    return assembly


def test_f80_batch_job_does_not_begin_while_somebody_waits(engine: TestEngine) -> None:
    assembly = waiting_batch_job(engine)

    with somebody_waits(engine):
        assert not engine.runner(BATCH).run_once()
        assert engine.status(assembly)["ok"] == "ASSEMBLY_EXECUTING"
    assert engine.runner(BATCH).run_once()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


@pytest.mark.parametrize(
    ("queue", "steps", "need"),
    [
        pytest.param(PROBE, UPLOAD_ONLY, Need.AWAITED, id="a probe"),
        pytest.param(WORK, {**UPLOAD_ONLY, "now": STORE}, Need.AWAITED, id="a step"),
        pytest.param(BATCH, LADDER, Need.BATCH, id="a batch step"),
        pytest.param(BATCH, LATER, Need.NONE, id="a batch step that leaves the processors alone"),
        pytest.param(SPEECH, TRANSCRIPTION, Need.NONE, id="a transcription, for which nothing makes room"),
        pytest.param(
            WORK,
            {**UPLOAD_ONLY, "more": {"robot": "/http/import", "url": "http://media.test/cat.mp4"}},
            Need.NONE,
            id="an import, which leaves the processors alone",
        ),
    ],
)
def test_f80_batch_work_makes_room_for_what_needs_the_processors(
    engine: TestEngine,
    monkeypatch: pytest.MonkeyPatch,
    queue: str,
    steps: dict[str, Any],
    need: Need,
) -> None:
    engine.upload(engine.assembly(steps=steps), b"meow")
    if queue != PROBE:
        assert engine.runner(PROBE).run_once()
    seen = list[Need]()

    def note(*_: object) -> list[Any]:
        seen.extend(job.need for job in engine.jobs.running.all())
        return []

    monkeypatch.setattr(TaskRunner, "run", note)
    assert engine.runner(queue).run_once()

    assert seen == [need]
    assert not engine.jobs.running.any_needs(Need.BATCH)


def test_f85_a_thousand_waiting_ladders_cost_as_much_as_one(engine: TestEngine) -> None:
    assembly = waiting_batch_job(engine)

    with somebody_waits(engine):
        for_one = statements(engine)
        wait_too(engine, assembly, count=1000)

        assert statements(engine) == for_one
    assert "LIMIT" in for_one[-1]


def wait_too(engine: TestEngine, assembly: dict[str, Any], *, count: int) -> None:
    """Have many jobs wait in the queue of batch work."""
    with engine.database.write() as session:
        for number in range(count):
            job = Job(id=f"job-{number}", assembly_id=assembly["assembly_id"], node="later", queue=BATCH)
            job.inputs, job.state, job.created_at, job.due_at = f"file-{number}", "waiting", 0, 0
            session.add(job)


def statements(engine: TestEngine) -> list[str]:
    """What the runner of batch work asks the database when it is not its turn."""
    asked: list[str] = []

    def note(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(engine.database.engine, "after_cursor_execute", note)
    try:
        assert not engine.runner(BATCH).run_once()
    finally:
        event.remove(engine.database.engine, "after_cursor_execute", note)
    return asked


def test_running_jobs_tell_if_somebody_waits_for_one_of_them() -> None:
    running = RunningJobs()

    with running.register("ladder", "a", 1), running.register("upload", "b", 0, need=Need.AWAITED):
        assert running.any_needs(Need.AWAITED)
    assert not running.any_needs(Need.AWAITED)
