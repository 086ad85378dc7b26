"""Leases: the worker that may run a job, and the results that count."""

from __future__ import annotations

import errno
from typing import Any

import pytest

from cattube_worker.assemblies.model import PROBE, WORK, Job
from cattube_worker.errors import JobFailed
from cattube_worker.execution.jobs import leases
from cattube_worker.execution.jobs.leases import Lease
from cattube_worker.execution.jobs.task_runner import TaskRunner
from cattube_worker.media.process.run import Stopped
from cattube_worker.storage import Stores

from ...conftest import STORE_ORIGINAL, TestEngine, files_below

LEASE_SECONDS = 15


def waiting_store_job(engine: TestEngine) -> dict[str, Any]:
    """An assembly with one job that waits: to store the upload."""
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(assembly, b"meow")
    assert engine.runner(PROBE).run_once()
    return assembly


def claim(engine: TestEngine, owner: str) -> Lease | None:
    with engine.database.write() as session:
        return leases.claim(
            session,
            engine.jobs.turns,
            owner=owner,
            queue=WORK,
            now=engine.clock(),
            lease_seconds=LEASE_SECONDS,
        )


def renew(engine: TestEngine, lease: Lease) -> bool:
    with engine.database.write() as session:
        until = engine.clock() + LEASE_SECONDS
        return leases.renew(session, lease.job_id, fence=lease.fence, progress=0.5, lease_until=until)


def test_job_is_claimed_by_one_worker_only(engine: TestEngine) -> None:
    waiting_store_job(engine)

    assert claim(engine, "alice") is not None
    assert claim(engine, "bob") is None


def test_job_of_a_silent_worker_is_taken_over(engine: TestEngine) -> None:
    """F05"""
    waiting_store_job(engine)
    claim(engine, "alice")
    engine.clock.advance(LEASE_SECONDS + 1)

    lease = claim(engine, "bob")

    assert lease is not None
    assert (lease.attempt, lease.fence) == (2, 2)


def test_renewed_lease_is_not_taken_over(engine: TestEngine) -> None:
    """F24"""
    waiting_store_job(engine)
    lease = claim(engine, "alice")
    assert lease is not None
    engine.clock.advance(LEASE_SECONDS - 1)

    assert renew(engine, lease)

    engine.clock.advance(LEASE_SECONDS - 1)
    assert claim(engine, "bob") is None


def test_paused_worker_that_wakes_too_late_changes_nothing(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F23"""
    assembly = waiting_store_job(engine)
    run = TaskRunner.run

    def work_while_another_takes_over(*arguments: Any) -> Any:
        engine.clock.advance(LEASE_SECONDS + 1)
        assert claim(engine, "bob") is not None
        return run(*arguments)

    monkeypatch.setattr(TaskRunner, "run", work_while_another_takes_over)
    engine.runner().run_once()

    status = engine.status(assembly)
    assert status["ok"] == "ASSEMBLY_EXECUTING"
    assert status["results"] == {}
    with engine.database.read() as session:
        job = session.query(Job).filter_by(node="exported").one()
        assert (job.state, job.lease_owner) == ("running", "bob")


def test_lost_lease_stops_the_work(engine: TestEngine) -> None:
    """F23"""
    waiting_store_job(engine)
    lease = claim(engine, "alice")
    assert lease is not None
    with engine.jobs.running.register(lease.job_id, lease.assembly_id, lease.fence) as running:
        engine.jobs.renew_leases()
        assert not running.stop.is_set()
        engine.clock.advance(LEASE_SECONDS + 1)
        claim(engine, "bob")

        engine.jobs.renew_leases()

        assert running.stop.is_set()


def test_transient_failure_is_tried_again_later(engine: TestEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """M16"""
    assembly = waiting_store_job(engine)
    run, failures = TaskRunner.run, [JobFailed("The bucket does not answer.", retryable=True)]

    def fail_once(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return run(*arguments)

    monkeypatch.setattr(TaskRunner, "run", fail_once)
    engine.work()
    assert engine.status(assembly)["ok"] == "ASSEMBLY_EXECUTING"

    engine.clock.advance(5)
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


@pytest.mark.parametrize(
    ("error", "attempts", "code"),
    [
        pytest.param(JobFailed("No.", code="INVALID_INPUT_ERROR"), 1, "INVALID_INPUT_ERROR", id="for good"),
        pytest.param(JobFailed("Not now.", retryable=True), 3, "INTERNAL_COMMAND_ERROR", id="transient"),
        pytest.param(RuntimeError("bug"), 3, "INTERNAL_COMMAND_ERROR", id="mistake of ours"),
        pytest.param(OSError(errno.ENOSPC, "full"), 3, "TRANSIENT_STORAGE_SERVICE_ERROR", id="f42-full-disk"),
    ],
)
def test_job_that_always_fails_ends_the_assembly_with_the_reason(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch, error: Exception, attempts: int, code: str
) -> None:
    assembly, calls = waiting_store_job(engine), []

    def fail(*_: object) -> None:
        calls.append(1)
        raise error

    monkeypatch.setattr(TaskRunner, "run", fail)
    for _ in range(5):
        engine.work()
        engine.clock.advance(60)

    status = engine.status(assembly)
    assert (status["error"], len(calls)) == (code, attempts)
    assert status["message"]
    assert "ok" not in status


def test_job_that_kills_its_worker_each_time_is_given_up(engine: TestEngine) -> None:
    """F06"""
    assembly = waiting_store_job(engine)
    for _ in range(3):
        assert claim(engine, "doomed") is not None
        engine.clock.advance(LEASE_SECONDS + 1)

    engine.work()

    assert engine.status(assembly)["error"] == "WORKER_JOB_ERROR"


def test_one_bad_job_does_not_stop_the_others(engine: TestEngine) -> None:
    engine.store_credentials("x")
    bad = engine.assembly(
        steps={**STORE_ORIGINAL, "exported": {**STORE_ORIGINAL["exported"], "credentials": "x"}}
    )
    engine.delete_credentials("x")
    good = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(bad, b"meow")
    engine.upload(good, b"purr")

    engine.work()

    assert engine.status(bad)["error"] == "TEMPLATE_CREDENTIALS_INJECTION_ERROR"
    assert engine.status(good)["ok"] == "ASSEMBLY_COMPLETED"


def test_failed_job_leaves_no_folder(engine: TestEngine) -> None:
    """I6"""
    waiting_store_job(engine)
    engine.use_stores(Stores({}))

    engine.work()

    assert files_below(engine.settings.tmp_dir) == []
    assert list(engine.settings.tmp_dir.iterdir()) == []


def test_stopped_job_is_given_back_and_its_attempt_does_not_count(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F22"""
    assembly = waiting_store_job(engine)

    def be_stopped(*_: object) -> None:
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(TaskRunner, "run", be_stopped)
        for _ in range(5):
            engine.runner().run_once()
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
