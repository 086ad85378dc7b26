"""Who may work on a job, and whose results count."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.assemblies.model import LOOKS, WORK, Job
from cattube_worker.errors import JobFailed
from cattube_worker.execution import leases, runner, work
from cattube_worker.execution.leases import Lease
from cattube_worker.execution.runner import JobRunner, renew_leases
from cattube_worker.execution.steps.dispatch import Stopped
from cattube_worker.storage import Stores

from ..conftest import STORE_ORIGINAL, House, files_below

LEASE_SECONDS = 15


def waiting_store_job(house: House) -> dict[str, Any]:
    """An assembly with one job that waits: to store the upload."""
    assembly = house.assembly(steps=STORE_ORIGINAL)
    house.upload(assembly, b"meow")
    assert JobRunner(house.engine, queue=LOOKS).run_once()
    return assembly


def claim(house: House, owner: str) -> Lease | None:
    with house.engine.database.write() as session:
        return leases.claim(session, owner=owner, queue=WORK, now=house.clock(), lease_seconds=LEASE_SECONDS)


def renew(house: House, lease: Lease) -> bool:
    with house.engine.database.write() as session:
        until = house.clock() + LEASE_SECONDS
        return leases.renew(session, lease.job_id, fence=lease.fence, progress=0.5, lease_until=until)


def test_job_is_claimed_by_one_worker_only(house: House) -> None:
    waiting_store_job(house)

    assert claim(house, "alice") is not None
    assert claim(house, "bob") is None


def test_job_of_a_silent_worker_is_taken_over(house: House) -> None:
    """F05"""
    waiting_store_job(house)
    claim(house, "alice")
    house.clock.advance(LEASE_SECONDS + 1)

    lease = claim(house, "bob")

    assert lease is not None
    assert (lease.attempt, lease.fence) == (2, 2)


def test_renewed_lease_is_not_taken_over(house: House) -> None:
    """F24"""
    waiting_store_job(house)
    lease = claim(house, "alice")
    assert lease is not None
    house.clock.advance(LEASE_SECONDS - 1)

    assert renew(house, lease)

    house.clock.advance(LEASE_SECONDS - 1)
    assert claim(house, "bob") is None


def test_paused_worker_that_wakes_too_late_changes_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F23"""
    assembly = waiting_store_job(house)
    do = work.do

    def work_while_another_takes_over(*arguments: Any) -> Any:
        house.clock.advance(LEASE_SECONDS + 1)
        assert claim(house, "bob") is not None
        return do(*arguments)

    monkeypatch.setattr(runner, "do", work_while_another_takes_over)
    JobRunner(house.engine).run_once()

    status = house.status(assembly)
    assert status["ok"] == "ASSEMBLY_EXECUTING"
    assert status["results"] == {}
    with house.engine.database.read() as session:
        job = session.query(Job).filter_by(node="exported").one()
        assert (job.state, job.lease_owner) == ("running", "bob")


def test_lost_lease_stops_the_work(house: House) -> None:
    """F23"""
    waiting_store_job(house)
    lease = claim(house, "alice")
    assert lease is not None
    with house.engine.running.register(lease.job_id, lease.assembly_id, lease.fence) as running:
        renew_leases(house.engine)
        assert not running.stop.is_set()
        house.clock.advance(LEASE_SECONDS + 1)
        claim(house, "bob")

        renew_leases(house.engine)

        assert running.stop.is_set()


def test_transient_failure_is_tried_again_later(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """M16"""
    assembly = waiting_store_job(house)
    do, failures = work.do, [JobFailed("The bucket does not answer.", retryable=True)]

    def fail_once(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return do(*arguments)

    monkeypatch.setattr(runner, "do", fail_once)
    house.work()
    assert house.status(assembly)["ok"] == "ASSEMBLY_EXECUTING"

    house.clock.advance(5)
    house.work()

    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


@pytest.mark.parametrize(
    ("error", "attempts", "code"),
    [
        pytest.param(JobFailed("No.", code="INVALID_INPUT_ERROR"), 1, "INVALID_INPUT_ERROR", id="for good"),
        pytest.param(JobFailed("Not now.", retryable=True), 3, "INTERNAL_COMMAND_ERROR", id="transient"),
        pytest.param(RuntimeError("bug"), 3, "INTERNAL_COMMAND_ERROR", id="mistake of ours"),
    ],
)
def test_job_that_always_fails_ends_the_assembly_with_the_reason(
    house: House, monkeypatch: pytest.MonkeyPatch, error: Exception, attempts: int, code: str
) -> None:
    assembly, calls = waiting_store_job(house), []

    def fail(*_: object) -> None:
        calls.append(1)
        raise error

    monkeypatch.setattr(runner, "do", fail)
    for _ in range(5):
        house.work()
        house.clock.advance(60)

    status = house.status(assembly)
    assert (status["error"], len(calls)) == (code, attempts)
    assert status["message"]
    assert "ok" not in status


def test_job_that_kills_its_worker_each_time_is_given_up(house: House) -> None:
    """F06"""
    assembly = waiting_store_job(house)
    for _ in range(3):
        assert claim(house, "doomed") is not None
        house.clock.advance(LEASE_SECONDS + 1)

    house.work()

    assert house.status(assembly)["error"] == "WORKER_JOB_ERROR"


def test_one_bad_job_does_not_stop_the_others(house: House) -> None:
    bad = house.assembly(
        steps={**STORE_ORIGINAL, "exported": {**STORE_ORIGINAL["exported"], "credentials": "x"}}
    )
    good = house.assembly(steps=STORE_ORIGINAL)
    house.upload(bad, b"meow")
    house.upload(good, b"purr")

    house.work()

    assert house.status(bad)["error"] == "TEMPLATE_CREDENTIALS_INJECTION_ERROR"
    assert house.status(good)["ok"] == "ASSEMBLY_COMPLETED"


def test_failed_job_leaves_no_folder(house: House) -> None:
    """I6"""
    object.__setattr__(house.engine, "stores", Stores({}))
    waiting_store_job(house)

    house.work()

    assert files_below(house.engine.settings.tmp_dir) == []
    assert list(house.engine.settings.tmp_dir.iterdir()) == []


def test_stopped_job_is_given_back_and_its_attempt_does_not_count(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F22"""
    assembly = waiting_store_job(house)

    def be_stopped(*_: object) -> None:
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(runner, "do", be_stopped)
        for _ in range(5):
            JobRunner(house.engine).run_once()
    house.work()

    assert house.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
