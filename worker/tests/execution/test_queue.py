"""What a status says of an assembly whose work waits behind that of others."""

from __future__ import annotations

from typing import Any

from cattube_worker.assemblies.model import BATCH, LOOKS, WORK
from cattube_worker.execution import leases
from cattube_worker.execution.runner import JobRunner

from ..conftest import STORE_ORIGINAL, House

ENCODE = {":original": {"robot": "/upload/handle"}, "small": {"robot": "/video/encode", "use": ":original"}}


def waiting(house: House, steps: dict[str, Any]) -> dict[str, Any]:
    """An assembly whose upload was looked at and whose one job waits."""
    assembly = house.assembly(steps=steps)
    house.upload(assembly, b"meow")
    assert JobRunner(house.engine, queue=LOOKS).run_once()
    house.clock.advance(1)
    return assembly


def claim_next(house: House) -> None:
    with house.engine.database.write() as session:
        assert leases.claim(session, owner="alice", queue=WORK, now=house.clock(), lease_seconds=15)


def standing(house: House, assembly: dict[str, Any]) -> tuple[str | None, int | None]:
    status = house.status(assembly)
    return status.get("execution_phase"), status.get("queue_position")


def test_waiting_assemblies_know_their_place_and_move_up(house: House) -> None:
    first, second, third = (waiting(house, ENCODE) for _ in range(3))
    before = [standing(house, each) for each in (first, second, third)]

    claim_next(house)
    after = [standing(house, each) for each in (first, second, third)]

    assert before == [("queued", 1), ("queued", 2), ("queued", 3)]
    assert after == [("processing", None), ("queued", 1), ("queued", 2)]


def test_assembly_with_only_its_files_to_store_is_storing(house: House) -> None:
    assembly = waiting(house, STORE_ORIGINAL)

    assert standing(house, assembly) == ("storing", None)


def test_ended_assembly_has_no_place(house: House) -> None:
    assembly = waiting(house, STORE_ORIGINAL)
    house.work()

    assert standing(house, assembly) == (None, None)


def test_what_may_take_its_time_holds_up_nobody(house: House) -> None:
    later = waiting(house, {**ENCODE, "small": {**ENCODE["small"], "queue": "batch"}})
    now = waiting(house, ENCODE)

    assert standing(house, now) == ("queued", 1)
    assert standing(house, later) == ("improving", None)
    claim_next(house)
    assert standing(house, now) == ("processing", None)
    assert standing(house, later) == ("improving", None)


def test_what_may_take_its_time_is_worked_on_from_a_queue_of_its_own(house: House) -> None:
    stored = {
        "robot": "/s3/store",
        "use": ":original",
        "credentials": "cattube",
        "path": "${assembly.id}/now",
    }
    late = {**stored, "path": "${assembly.id}/later", "queue": "batch"}
    assembly = waiting(house, {":original": ENCODE[":original"], "now": stored, "later": late})

    assert not JobRunner(house.engine, queue=BATCH).run_once()  # not before what somebody waits for
    assert JobRunner(house.engine).run_once()
    assert not JobRunner(house.engine).run_once()
    improving = house.status(assembly)
    assert JobRunner(house.engine, queue=BATCH).run_once()

    assert (improving["ok"], improving["execution_phase"]) == ("ASSEMBLY_EXECUTING", "improving")
    assert improving["progress_combined"] == 0
    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
