"""Turn of transcriptions: they run beside batch work, and stand still while some of it is done."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any

import pytest

from cattube_worker.assemblies.model import BATCH, PROBE, SPEECH
from cattube_worker.execution.jobs.running_jobs import Need
from cattube_worker.execution.jobs.task import Task
from cattube_worker.execution.jobs.task_runner import TaskRunner

from ...conftest import UPLOAD_ONLY, TestEngine
from ...talk import TRANSCRIPTION

LADDER = {**UPLOAD_ONLY, "later": {"robot": "/video/encode", "use": ":original", "queue": "batch"}}
PATIENCE_SECONDS = 120


def waiting(engine: TestEngine, steps: dict[str, Any]) -> dict[str, Any]:
    """An assembly whose file was probed, and whose one job waits."""
    assembly = engine.assembly(steps=steps)
    engine.upload(assembly, b"meow")
    assert engine.runner(PROBE).run_once()
    return assembly


def test_m102_transcription_does_not_begin_while_a_ladder_is_made(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M102"""
    transcription = waiting(engine, TRANSCRIPTION)
    monkeypatch.setattr(TaskRunner, "run", lambda *_: [])

    with engine.jobs.running.register("ladder", "other", 1, need=Need.BATCH):
        assert not engine.runner(SPEECH).run_once()
    assert engine.runner(SPEECH).run_once()

    assert engine.status(transcription)["ok"] == "ASSEMBLY_COMPLETED"


def test_m102_ladder_is_made_beside_a_transcription_that_stands_still_meanwhile(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M102"""
    transcription, ladder = waiting(engine, TRANSCRIPTION), waiting(engine, LADDER)
    has_begun, may_end, stood_still = Event(), Event(), list[bool]()
    turn = engine.jobs.batch_turns[SPEECH]

    def run(_tasks: TaskRunner, task: Task, *_: object) -> list[Any]:
        if task.lease.assembly_id == ladder["assembly_id"]:
            stood_still.append(turn.must_pause())
            return []
        has_begun.set()
        assert may_end.wait(PATIENCE_SECONDS)
        return []

    monkeypatch.setattr(TaskRunner, "run", run)
    thread = Thread(target=engine.runner(SPEECH).run_once)
    thread.start()
    assert has_begun.wait(PATIENCE_SECONDS)
    assert engine.runner(BATCH).run_once()
    meanwhile = [engine.status(assembly)["ok"] for assembly in (ladder, transcription)]
    goes_on = not turn.must_pause()
    may_end.set()
    thread.join(PATIENCE_SECONDS)

    assert meanwhile == ["ASSEMBLY_COMPLETED", "ASSEMBLY_EXECUTING"]
    assert (stood_still, goes_on) == ([True], True)
    assert engine.status(transcription)["ok"] == "ASSEMBLY_COMPLETED"
