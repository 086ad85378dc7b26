"""The queue, in the status of an assembly whose jobs wait behind others."""

from __future__ import annotations

from typing import Any

from cattube_worker.assemblies.model import BATCH, PROBE, WORK
from cattube_worker.execution.jobs import leases

from ...conftest import STORE_ORIGINAL, TestEngine

ENCODE = {":original": {"robot": "/upload/handle"}, "small": {"robot": "/video/encode", "use": ":original"}}


def waiting(engine: TestEngine, steps: dict[str, Any], **document: Any) -> dict[str, Any]:
    """An assembly whose upload was probed and whose one job waits."""
    assembly = engine.assembly(steps=steps, **document)
    engine.upload(assembly, b"meow")
    assert engine.runner(PROBE).run_once()
    engine.clock.advance(1)
    return assembly


def claim_next(engine: TestEngine, *, queue: str = WORK) -> str:
    """Claim the next job of the queue, and tell whose assembly it is."""
    with engine.database.write() as session:
        lease = leases.claim(
            session, engine.jobs.turns, owner="worker", queue=queue, now=engine.clock(), lease_seconds=15
        )
    assert lease is not None
    return lease.assembly_id


def standing(engine: TestEngine, assembly: dict[str, Any]) -> tuple[str | None, int | None]:
    status = engine.status(assembly)
    return status.get("execution_phase"), status.get("queue_position")


def test_waiting_assemblies_know_their_place_and_move_up(engine: TestEngine) -> None:
    first, second, third = (waiting(engine, ENCODE) for _ in range(3))
    before = [standing(engine, assembly) for assembly in (first, second, third)]

    claim_next(engine)
    after = [standing(engine, assembly) for assembly in (first, second, third)]

    assert before == [("queued", 1), ("queued", 2), ("queued", 3)]
    assert after == [("processing", None), ("queued", 1), ("queued", 2)]


def test_assembly_with_only_its_files_to_store_is_storing(engine: TestEngine) -> None:
    assembly = waiting(engine, STORE_ORIGINAL)

    assert standing(engine, assembly) == ("storing", None)


def test_ended_assembly_has_no_place(engine: TestEngine) -> None:
    assembly = waiting(engine, STORE_ORIGINAL)
    engine.work()

    assert standing(engine, assembly) == (None, None)


def test_what_may_take_its_time_holds_up_nobody(engine: TestEngine) -> None:
    later = waiting(engine, {**ENCODE, "small": {**ENCODE["small"], "queue": "batch"}})
    now = waiting(engine, ENCODE)

    assert standing(engine, now) == ("queued", 1)
    assert standing(engine, later) == ("improving", None)
    claim_next(engine)
    assert standing(engine, now) == ("processing", None)
    assert standing(engine, later) == ("improving", None)


def test_what_may_take_its_time_is_worked_on_from_a_queue_of_its_own(engine: TestEngine) -> None:
    stored = {
        "robot": "/s3/store",
        "use": ":original",
        "credentials": "cattube",
        "path": "${assembly.id}/now",
    }
    late = {**stored, "path": "${assembly.id}/later", "queue": "batch"}
    assembly = waiting(engine, {":original": ENCODE[":original"], "now": stored, "later": late})

    assert not engine.runner(BATCH).run_once()  # not before what somebody waits for
    assert engine.runner().run_once()
    assert not engine.runner().run_once()
    improving = engine.status(assembly)
    assert engine.runner(BATCH).run_once()

    assert (improving["ok"], improving["execution_phase"]) == ("ASSEMBLY_EXECUTING", "improving")
    assert improving["progress_combined"] == 0
    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_m101_transcription_comes_after_younger_batch_work(engine: TestEngine) -> None:
    """M101"""
    speech = {**ENCODE, "small": {"robot": "/speech/transcribe", "use": ":original"}}
    waiting(engine, speech)
    waiting(engine, speech)
    ladder = waiting(engine, {**ENCODE, "small": {**ENCODE["small"], "queue": "batch"}})

    assert claim_next(engine, queue=BATCH) == ladder["assembly_id"]
