"""Which host may run a job."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle
from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.model import PROBE, WORK, Job
from cattube_worker.errors import AssemblyError, DiskFull, FileTooLargeForDisk, TryLater
from cattube_worker.execution.jobs import job_runner, leases
from cattube_worker.execution.jobs.claimable import DECLINED_SECONDS
from cattube_worker.execution.jobs.failed_jobs import AWAY_SECONDS, MOST_AWAY_SECONDS
from cattube_worker.execution.jobs.fitness import REST_SECONDS
from cattube_worker.execution.jobs.leases import RETRY_SECONDS
from cattube_worker.execution.jobs.task_runner import TaskRunner
from cattube_worker.execution.streaming.streaming_encodes import StreamingEncode
from cattube_worker.media.errors import SandboxMissing, ToolsMissing
from cattube_worker.media.process.run import Stopped
from cattube_worker.media.speech.model import SpeechModelMissing
from cattube_worker.storage.errors import WrongClock
from cattube_worker.storage.local import LocalStore

from ...conftest import STORE_ORIGINAL, UPLOAD_ONLY, TestEngine
from .conftest import beside, report

UNFIT = [DiskFull("full"), ToolsMissing("no ffmpeg"), SandboxMissing("no sandbox"), WrongClock("refused")]
UNMET = [FileTooLargeForDisk("too large"), SpeechModelMissing("no model")]
ENCODE = {**UPLOAD_ONLY, "small": {"robot": "/video/encode", "use": ":original"}}


@pytest.fixture
def fence(roof: TestEngine, tmp_path: Path) -> Iterator[TestEngine]:
    """Another host."""
    engine = beside(roof, tmp_path / "fence", host_name="fence")
    yield engine
    engine.close()


def test_f48_upload_is_probed_where_its_bytes_are(roof: TestEngine, fence: TestEngine) -> None:
    """F48"""
    roof.upload(roof.assembly(steps=STORE_ORIGINAL), b"meow")

    assert not fence.runner(PROBE).run_once()
    assert roof.runner(PROBE).run_once()


def test_f95_upload_of_a_host_that_never_comes_back_is_given_up(roof: TestEngine, fence: TestEngine) -> None:
    """F95: with the reason, after a day, unless the host is only busy."""
    assembly = roof.assembly(steps=STORE_ORIGINAL)
    roof.upload(assembly, b"meow")
    states = []

    def sweep() -> None:
        fence.parts.work.expiry.fail_abandoned()
        states.append(roof.status(assembly).get("ok"))

    roof.clock.advance(MOST_AWAY_SECONDS + 1)
    sweep()
    roof.clock.advance(-2)
    with roof.database.write() as session:
        hosts.leave(session, "roof")
    sweep()
    roof.clock.advance(2)
    sweep()

    assert states == ["ASSEMBLY_EXECUTING", "ASSEMBLY_EXECUTING", None]
    assert "did not come back" in roof.status(assembly)["message"]


def test_work_that_is_bound_to_no_host_runs_on_any(roof: TestEngine, fence: TestEngine) -> None:
    roof.upload(roof.assembly(steps=STORE_ORIGINAL), b"meow")
    roof.runner(PROBE).run_once()

    assert fence.runner(WORK).run_once()


def test_f48_host_that_leaves_work_to_others_runs_what_is_its_own(roof: TestEngine, tmp_path: Path) -> None:
    """F48"""
    door = beside(roof, tmp_path / "door", host_name="door", job_threads=0)
    door.upload(door.assembly(steps=STORE_ORIGINAL), b"meow")
    assert door.runner(PROBE).run_once()

    free = door.runner(WORK).run_once()
    with door.database.write() as session:
        job = session.query(Job).filter_by(node="exported").one()
        leases.bind(session, job.assembly_id, job.node, job.input_ids, host="door")

    assert not free
    assert not roof.runner(WORK).run_once()
    assert door.runner(WORK).run_once()
    door.close()


@pytest.mark.parametrize("error", UNFIT, ids=lambda error: type(error).__name__)
def test_f90_job_that_one_host_is_not_fit_for_is_done_by_another(
    roof: TestEngine, fence: TestEngine, monkeypatch: pytest.MonkeyPatch, error: AssemblyError
) -> None:
    """F90: however often the unfit host is the one that takes it."""
    assembly = roof.assembly(steps=STORE_ORIGINAL)
    roof.upload(assembly, b"meow")
    roof.runner(PROBE).run_once()

    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(TaskRunner, "run", fail)
        patch.setattr(fence.jobs.fitness, "monotonic", fence.clock)
        for _ in range(fence.settings.job_attempts + 1):
            assert fence.runner(WORK).run_once()
            assert not roof.runner(WORK).run_once(), "it waits for a moment"
            roof.clock.advance(REST_SECONDS)
    roof.work()

    assert roof.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_f104_host_that_is_not_fit_leaves_the_job_to_another(
    roof: TestEngine, fence: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F104: it would be the first to take it each time."""
    assembly = roof.assembly(steps=STORE_ORIGINAL)
    roof.upload(assembly, b"meow")
    roof.runner(PROBE).run_once()

    def fail(*_: object) -> None:
        raise DiskFull("full")

    with monkeypatch.context() as patch:
        patch.setattr(TaskRunner, "run", fail)
        assert fence.runner(WORK).run_once()
    roof.clock.advance(AWAY_SECONDS)

    assert not fence.runner(WORK).run_once()
    assert roof.runner(WORK).run_once()


@pytest.mark.parametrize("error", UNMET, ids=lambda error: type(error).__name__)
def test_f105_host_that_lacks_what_one_job_needs_does_the_others(
    roof: TestEngine, fence: TestEngine, monkeypatch: pytest.MonkeyPatch, error: AssemblyError
) -> None:
    """F105: it leaves that one to another host, and looks at it again when none takes it."""
    assemblies = [roof.assembly(steps=STORE_ORIGINAL) for _ in range(2)]
    for assembly in assemblies:
        roof.upload(assembly, b"meow")
        roof.runner(PROBE).run_once()
    with monkeypatch.context() as patch:
        patch.setattr(TaskRunner, "run", raising(error))
        assert fence.runner(WORK).run_once()
    monkeypatch.setattr(TaskRunner, "run", raising(Stopped()))
    roof.clock.advance(AWAY_SECONDS)

    assert fence.runner(WORK).run_once(), "the other job"
    with roof.database.write() as session:
        other = session.query(Job).filter_by(node="exported", declined_by="").one()
        other.state = "done"
    assert not fence.runner(WORK).run_once()
    assert roof.runner(WORK).run_once()
    roof.clock.advance(DECLINED_SECONDS)
    assert fence.runner(WORK).run_once()


@pytest.mark.parametrize("error", UNMET, ids=lambda error: type(error).__name__)
def test_f105_job_that_no_host_has_what_it_needs_for_fails_with_the_reason(
    roof: TestEngine, fence: TestEngine, monkeypatch: pytest.MonkeyPatch, error: AssemblyError
) -> None:
    """F105: once each has tried, and no host rests; of what may pass, as often as any job is tried."""
    report(roof, "fence", hosts.WORKER)
    assembly = roof.assembly(steps=STORE_ORIGINAL)
    roof.upload(assembly, b"meow")
    roof.runner(PROBE).run_once()
    monkeypatch.setattr(TaskRunner, "run", raising(error))
    rounds = roof.settings.job_attempts if error.retryable else 1

    for _ in range(rounds):
        assert not roof.status(assembly).get("error")
        for engine in (fence, roof):
            assert engine.runner(WORK).run_once()
            roof.clock.advance(RETRY_SECONDS[-1])

    assert roof.status(assembly)["message"] == str(error)
    assert roof.jobs.fitness.is_fit
    assert fence.jobs.fitness.is_fit


def test_f105_host_that_leaves_work_to_others_does_what_they_cannot(
    roof: TestEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F105"""
    door = beside(roof, tmp_path / "door", host_name="door", job_threads=0)
    report(roof, "door", hosts.INGEST)
    roof.upload(roof.assembly(steps=STORE_ORIGINAL), b"meow")
    roof.runner(PROBE).run_once()
    monkeypatch.setattr(TaskRunner, "run", raising(UNMET[0]))

    assert not door.runner(WORK).run_once()
    assert roof.runner(WORK).run_once()
    roof.clock.advance(AWAY_SECONDS)
    assert door.runner(WORK).run_once()
    door.close()


def test_f106_only_host_that_is_there_never_rests(roof: TestEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """F106: no other would do the jobs meanwhile."""
    roof.upload(roof.assembly(steps=STORE_ORIGINAL), b"meow")
    roof.runner(PROBE).run_once()
    monkeypatch.setattr(TaskRunner, "run", raising(DiskFull("full")))

    assert roof.runner(WORK).run_once()
    assert roof.jobs.fitness.is_fit


def raising(error: Exception) -> Callable[..., None]:
    """A function that does nothing but raise the error."""

    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_f102_host_whose_clock_the_bucket_refuses_fails_no_store_step(
    roof: TestEngine, fence: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F102: a robot's own error stands before that of the bucket."""
    assembly = roof.assembly(steps=STORE_ORIGINAL)
    roof.upload(assembly, b"meow")
    roof.runner(PROBE).run_once()

    def fail(*_: object, **__: object) -> None:
        raise WrongClock("refused")

    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "put", fail)
        assert fence.runner(WORK).run_once()
    roof.clock.advance(AWAY_SECONDS)
    roof.work()

    assert roof.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_f101_job_that_met_a_database_that_was_away_keeps_its_attempts(
    roof: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F101: however often that was so."""
    assembly = roof.assembly(steps=STORE_ORIGINAL)
    roof.upload(assembly, b"meow")
    roof.runner(PROBE).run_once()

    def fail(*_: object) -> None:
        raise TryLater("The database does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(TaskRunner, "run", fail)
        for _ in range(roof.settings.job_attempts + 1):
            assert roof.runner(WORK).run_once()
            roof.clock.advance(AWAY_SECONDS)
    roof.work()

    assert roof.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


@pytest.mark.parametrize("is_written", [False, True], ids=["away", "answer-lost"])
def test_f108_results_are_kept_while_the_database_is_away(
    roof: TestEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, is_written: bool
) -> None:
    """F108: for a while, as the work may have taken hours; also when only its answer was lost."""
    assembly = roof.assembly(steps=STORE_ORIGINAL)
    roof.upload(assembly, b"meow")
    roof.runner(PROBE).run_once()
    runs, writes = [], []
    run, complete = TaskRunner.run, lifecycle.complete_job

    def count(*arguments: Any) -> Any:
        runs.append(arguments)
        return run(*arguments)

    def fail_at_first(session: Session, *arguments: Any, **options: Any) -> None:
        writes.append(arguments)
        if is_written or len(writes) > 2:
            complete(session, *arguments, **options)
        if is_written:
            session.commit()
        if is_written or len(writes) <= 2:
            raise TryLater("The database does not answer.")

    monkeypatch.setattr(job_runner, "WRITE_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr(TaskRunner, "run", count)
    monkeypatch.setattr(lifecycle, "complete_job", fail_at_first)
    assert roof.runner(WORK).run_once()

    assert roof.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert len(runs) == 1
    assert "lost its lease" not in caplog.text


def test_f48_what_is_encoded_while_it_arrives_stays_on_its_host(roof: TestEngine, fence: TestEngine) -> None:
    """F48: elsewhere it would be encoded a second time."""
    assembly = roof.assembly(steps=ENCODE)
    upload_id = roof.open_upload(assembly, 4).rpartition("/")[2]
    encode = StreamingEncode("small", roof.settings.tmp_dir / "cat" / "early.1", lambda: 0.5)
    encode.folder.mkdir(parents=True)
    with roof.streaming.keep(upload_id, encode):
        assert roof.patch(f"/resumable/files/{upload_id}", b"meow").status_code == 204
        assert roof.runner(PROBE).run_once()

    assert not fence.runner(WORK).run_once()
    with roof.database.read() as session:
        assert session.query(Job).filter_by(node="small").one().host == "roof"


def test_f49_two_hosts_share_the_jobs_and_run_none_twice(roof: TestEngine, fence: TestEngine) -> None:
    """F49"""
    assemblies = [roof.assembly(steps=STORE_ORIGINAL) for _ in range(6)]
    for assembly in assemblies:
        roof.upload(assembly, b"meow")
    while roof.runner(PROBE).run_once():
        pass
    # Here their bytes are: it may fetch none of them.
    object.__setattr__(fence.parts.files.resources, "stores", roof.parts.files.resources.stores)

    def work(engine: TestEngine) -> None:
        runner = engine.runner()
        while runner.run_once():
            pass

    threads = [threading.Thread(target=work, args=(engine,)) for engine in (roof, fence)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    statuses = [roof.status(assembly) for assembly in assemblies]
    assert [status["ok"] for status in statuses] == ["ASSEMBLY_COMPLETED"] * 6
    with roof.database.read() as session:
        assert {job.attempt for job in session.query(Job).filter_by(node="exported")} == {1}
