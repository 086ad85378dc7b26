"""/assembly_jobs: on which host each job of an assembly runs or ran."""

from __future__ import annotations

import socket
from typing import Any

from cattube_worker.assemblies.model import PROBE, WORK
from cattube_worker.execution.jobs import leases

from ...conftest import STORE_ORIGINAL, TestEngine

ENCODE = {":original": {"robot": "/upload/handle"}, "small": {"robot": "/video/encode", "use": ":original"}}


def jobs_of(engine: TestEngine, assembly: dict[str, Any]) -> list[dict[str, Any]]:
    path = f"/assembly_jobs/{assembly['assembly_id']}"
    answer = engine.client.get(path, query_string=engine.signed({})).get_json()
    assert answer["ok"] == "ASSEMBLY_JOBS_FOUND"
    return list(answer["jobs"])


def uploaded(engine: TestEngine, steps: dict[str, Any], body: bytes = b"meow") -> dict[str, Any]:
    assembly = engine.assembly(steps=steps)
    engine.upload(assembly, body)
    return assembly


def test_job_says_where_it_ran(engine: TestEngine) -> None:
    assembly = uploaded(engine, STORE_ORIGINAL)
    before = jobs_of(engine, assembly)

    engine.work()

    here = socket.gethostname()
    assert [(job["queue"], job["state"], job["host"]) for job in before] == [("probe", "waiting", None)]
    places = [(job["node"], job["queue"], job["state"], job["host"]) for job in jobs_of(engine, assembly)]
    assert places == [(":original", "probe", "done", here), ("exported", "work", "done", here)]


def test_f119_job_of_an_assembly_that_failed_says_where_it_ran(engine: TestEngine) -> None:
    """F119: there somebody will want to look for the reason."""
    assembly = uploaded(engine, ENCODE)
    assert engine.runner(PROBE).run_once()
    with engine.database.write() as session:
        leases.claim(
            session,
            engine.jobs.turns,
            owner="fence:17:meow",
            queue=WORK,
            now=engine.clock(),
            lease_seconds=15,
        )

    engine.client.delete(f"/assemblies/{assembly['assembly_id']}")

    assert [(job["node"], job["state"], job["host"]) for job in jobs_of(engine, assembly)][1:] == [
        ("small", "failed", "fence")
    ]


def test_assembly_that_is_not_there_has_no_jobs(engine: TestEngine) -> None:
    answer = engine.client.get(f"/assembly_jobs/{'0' * 32}", query_string=engine.signed({}))

    assert (answer.status_code, answer.get_json()["error"]) == (404, "ASSEMBLY_NOT_FOUND")


def test_d60_jobs_are_told_to_the_holder_of_the_secret_alone(engine: TestEngine) -> None:
    """D60"""
    assembly = uploaded(engine, STORE_ORIGINAL)

    answer = engine.client.get(f"/assembly_jobs/{assembly['assembly_id']}")

    assert answer.status_code == 400
