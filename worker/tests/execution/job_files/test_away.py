"""Jobs that wait for a host or a bucket that is away."""

from __future__ import annotations

import pytest
from servers.faults import Faults, Refusal, always, none
from sqlalchemy import update

from cattube_worker.assemblies.hosts.hosts import INGEST
from cattube_worker.assemblies.model import Host
from cattube_worker.execution.job_files.held_uploads import HeldUploads
from cattube_worker.execution.jobs.failed_jobs import AWAY_SECONDS, MOST_AWAY_SECONDS

from ...conftest import UPLOAD_ONLY
from ..cluster.conftest import report
from .conftest import Hosts
from .packing import PACK_AND_STORE, check_result, job_of, jobs_of, uploaded


def test_job_waits_for_a_host_that_is_away(hosts: Hosts) -> None:
    """F60: no attempt counts that could not begin."""
    assembly = uploaded(hosts)
    hosts.door.shut()

    for _ in range(4):
        assert hosts.worker.runner().run_once()
        hosts.worker.clock.advance(AWAY_SECONDS)
    waiting = job_of(hosts.ingest, assembly, "packed")
    hosts.door.open()
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    assert (waiting.state, waiting.attempt) == ("waiting", 0)
    check_result(hosts, assembly)


@pytest.mark.parametrize(("away_seconds", "pause_seconds"), [(16, AWAY_SECONDS), (100, 50), (3600, 300)])
def test_f111_host_that_has_been_away_for_long_is_asked_for_nothing(
    hosts: Hosts, away_seconds: float, pause_seconds: float
) -> None:
    """F111: its jobs come back the less often the longer it is away, and keep no others."""
    assembly = uploaded(hosts)
    report(hosts.ingest, "ingest", INGEST)
    with hosts.ingest.database.write() as session:
        session.execute(update(Host).values(seen_at=Host.seen_at - away_seconds))
    hosts.door.ranges.clear()

    assert hosts.worker.runner().run_once()
    job = next(job for job in jobs_of(hosts.worker, assembly) if job.due_at > hosts.worker.clock())

    assert hosts.door.ranges == []
    assert (job.state, job.attempt) == ("waiting", 0)
    assert job.due_at - hosts.worker.clock() == pytest.approx(pause_seconds, abs=10)


def test_job_waits_for_a_host_that_refuses_its_file(hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """F60: as one does with another ENGINE_SECRET. The file is not gone."""
    assembly = uploaded(hosts)
    with monkeypatch.context() as patch:
        patch.setattr(HeldUploads, "allows", lambda *_: False)
        assert hosts.worker.runner().run_once()
    waiting = job_of(hosts.ingest, assembly, "packed")
    hosts.worker.clock.advance(AWAY_SECONDS)
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    assert (waiting.state, waiting.attempt) == ("waiting", 0)
    check_result(hosts, assembly)


def test_assembly_ends_with_a_reason_when_a_host_never_comes_back(hosts: Hosts) -> None:
    """F60"""
    assembly = uploaded(hosts)
    hosts.door.shut()
    hosts.worker.clock.advance(MOST_AWAY_SECONDS)

    while hosts.worker.runner().run_once():
        hosts.worker.clock.advance(60)

    status = hosts.ingest.status(assembly)
    assert "does not give a file" in status["message"]
    assert status["error"] == "INTERNAL_COMMAND_ERROR"


def test_job_waits_for_a_bucket_that_is_away(hosts: Hosts, s3_faults: Faults) -> None:
    """F60"""
    steps = {**PACK_AND_STORE, "again": {"robot": "/file/compress", "use": "packed", "format": "zip"}}
    assembly = uploaded(hosts, steps)
    assert hosts.worker.runner().run_once()
    s3_faults.rule = always(Refusal(503, "ServiceUnavailable"))

    assert hosts.ingest.runner().run_once()
    s3_faults.rule = none
    hosts.ingest.clock.advance(60)
    hosts.work(hosts.ingest)

    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_result_waits_for_a_bucket_that_is_away(hosts: Hosts, s3_faults: Faults) -> None:
    """F60: its work is done again, as often as it has to be."""
    assembly = uploaded(hosts, {**UPLOAD_ONLY, "packed": PACK_AND_STORE["packed"]})
    s3_faults.rule = always(Refusal(503, "ServiceUnavailable"))
    for _ in range(hosts.worker.settings.job_attempts + 1):
        assert hosts.worker.runner().run_once()
        hosts.worker.clock.advance(AWAY_SECONDS)
    waiting = job_of(hosts.ingest, assembly, "packed")

    s3_faults.rule = none
    hosts.work(hosts.worker)

    assert (waiting.state, waiting.attempt) == ("waiting", 0)
    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
