"""Videos that wait for a host which takes jobs, where none is there."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.hosts.hosts import SILENT_SECONDS
from cattube_worker.assemblies.model import PROBE, WORK, Host, Job
from cattube_worker.execution.jobs import leases

from ...conftest import TestEngine
from .conftest import report

ENCODE = {":original": {"robot": "/upload/handle"}, "small": {"robot": "/video/encode", "use": ":original"}}


@pytest.fixture
def lonely_roof(roof: TestEngine) -> TestEngine:
    """A host that takes uploads and leaves all jobs to others, of which none is there."""
    report(roof, "roof", hosts.INGEST, takes_jobs=False)
    return roof


def waiting(engine: TestEngine) -> dict[str, Any]:
    """An assembly whose upload was probed and whose one job waits."""
    assembly = engine.assembly(steps=ENCODE)
    engine.upload(assembly, b"meow")
    assert engine.runner(PROBE).run_once()
    return assembly


def phase(engine: TestEngine, assembly: dict[str, Any]) -> Any:
    return engine.status(assembly)["execution_phase"]


def change_job(engine: TestEngine, **values: Any) -> None:
    with engine.database.write() as session:
        for job in session.query(Job).filter_by(queue=WORK):
            for name, value in values.items():
                setattr(job, name, value)


def test_f116_video_is_held_until_a_host_is_there_that_takes_jobs(lonely_roof: TestEngine) -> None:
    """F116"""
    assembly = waiting(lonely_roof)
    held = lonely_roof.status(assembly)

    report(lonely_roof, "fence", hosts.WORKER)

    assert (held["execution_phase"], "queue_position" in held) == ("held", False)
    assert phase(lonely_roof, assembly) == "queued"


def test_f116_video_is_held_when_its_host_fell_silent_and_no_other_is_there(lonely_roof: TestEngine) -> None:
    """F116: its lease tells, since it may have reported a moment ago."""
    assembly = waiting(lonely_roof)
    report(lonely_roof, "fence", hosts.WORKER)
    with lonely_roof.database.write() as session:
        leases.claim(
            session,
            lonely_roof.jobs.turns,
            owner="fence:1:meow",
            queue=WORK,
            now=lonely_roof.clock(),
            lease_seconds=15,
        )
        for row in session.query(Host).filter_by(name="fence"):
            row.seen_at -= SILENT_SECONDS + 1
    at_work = phase(lonely_roof, assembly)

    lonely_roof.clock.advance(16)

    assert (at_work, phase(lonely_roof, assembly)) == ("processing", "held")


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        pytest.param({"host": "roof"}, "queued", id="bound to the host that is there"),
        pytest.param({"host": "attic"}, "held", id="bound to one that is not"),
        pytest.param({"declined_by": ",fence,"}, "queued", id="declined, so that any host tries"),
    ],
)
def test_f116_video_that_the_host_itself_runs_is_not_held(
    lonely_roof: TestEngine, job: dict[str, Any], expected: str
) -> None:
    """F116"""
    assembly = waiting(lonely_roof)
    change_job(lonely_roof, **job)

    assert phase(lonely_roof, assembly) == expected


def test_only_host_of_a_site_holds_nothing(engine: TestEngine) -> None:
    """It reports itself nowhere."""
    assert phase(engine, waiting(engine)) == "queued"


def test_host_says_that_it_leaves_jobs_to_others(lonely_roof: TestEngine) -> None:
    answer = lonely_roof.client.get("/hosts", query_string=lonely_roof.signed({})).get_json()

    assert [(host["name"], host["takes_jobs"]) for host in answer["hosts"]] == [("roof", False)]
