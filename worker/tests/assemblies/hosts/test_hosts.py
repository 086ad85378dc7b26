"""Hosts and queues, as people and monitors are told of them."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.hosts.hosts import FORGOTTEN_SECONDS, SILENT_SECONDS, HostFacts, RunningFact
from cattube_worker.assemblies.hosts.queue_depths import queue_depths
from cattube_worker.assemblies.model import BATCH, PROBE, SPEECH, WORK, Host, Job
from cattube_worker.clock import Clock
from cattube_worker.execution.cluster.host_report import HostReport
from cattube_worker.execution.jobs import leases
from cattube_worker.settings import SettingsError

from ...conftest import STORE_ORIGINAL, TestClock, TestEngine


def report(engine: TestEngine, name: str = "fence", role: str = hosts.WORKER, **parts: Any) -> HostReport:
    return HostReport(
        database=engine.database,
        running=engine.jobs.running,
        resources=engine.parts.files.resources,
        name=name,
        role=role,
        **{"system_clock": Clock(), **parts},
    )


def hosts_of(engine: TestEngine) -> list[HostFacts]:
    with engine.database.read() as session:
        return hosts.hosts_of(session)


def let_time_pass(engine: TestEngine, seconds: float) -> None:
    """Have all hosts have reported so much earlier: the database's clock cannot be moved."""
    with engine.database.write() as session:
        for row in session.query(Host):
            row.seen_at -= seconds


def test_site_of_one_machine_has_no_hosts(engine: TestEngine) -> None:
    assert hosts_of(engine) == []


def test_host_says_what_it_is_and_what_it_runs(engine: TestEngine) -> None:
    host = report(engine)
    host.join()
    with engine.jobs.running.register("job", "cats", 1, node="small") as job:
        job.report(0.25)
        host.check_in()

    (fence,) = hosts_of(engine)
    assert (fence.name, fence.role, fence.is_present) == ("fence", "worker", True)
    assert fence.ffmpeg_version
    assert fence.missing_encoders == ()
    assert fence.running == (RunningFact("cats", "small", 0.25),)
    assert fence.clock_offset_seconds == pytest.approx(0, abs=2)


def test_f50_clock_that_is_wrong_is_noticed(engine: TestEngine) -> None:
    """F50"""
    ahead = TestClock(Clock()() + 3600)

    report(engine, system_clock=ahead).join()

    assert hosts_of(engine)[0].clock_offset_seconds == pytest.approx(3600, abs=60)


def test_host_that_is_silent_is_absent_and_later_forgotten(engine: TestEngine) -> None:
    report(engine, "fence").join()
    let_time_pass(engine, SILENT_SECONDS + 1)
    silent = hosts_of(engine)

    let_time_pass(engine, FORGOTTEN_SECONDS)
    report(engine, "roof").join()

    assert [(host.name, host.is_present) for host in silent] == [("fence", False)]
    assert [host.name for host in hosts_of(engine)] == ["roof"]


def test_host_that_ends_in_peace_is_not_shown_any_more(engine: TestEngine) -> None:
    host = report(engine)
    host.join()

    host.leave()

    assert hosts_of(engine) == []


def test_worker_beside_an_engine_needs_a_name_of_its_own(engine: TestEngine) -> None:
    report(engine, "roof", hosts.INGEST).join()

    with pytest.raises(SettingsError, match="HOST_NAME=roof"):
        report(engine, "roof", hosts.WORKER).join()
    report(engine, "roof", hosts.INGEST).join()  # the engine again, after it was killed


def test_name_is_free_when_the_host_that_had_it_is_gone(engine: TestEngine) -> None:
    report(engine, "roof", hosts.INGEST).join()
    let_time_pass(engine, SILENT_SECONDS + 1)

    report(engine, "roof", hosts.WORKER).join()

    assert [host.role for host in hosts_of(engine)] == ["worker"]


def test_machine_without_ffmpeg_says_that(engine: TestEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)

    report(engine).join()

    assert hosts_of(engine)[0].ffmpeg_version is None
    assert "libx264" in hosts_of(engine)[0].missing_encoders


@pytest.mark.parametrize(
    ("running", "cut", "expected"),
    [
        pytest.param(None, WORK, 1, id="idle"),
        pytest.param(WORK, WORK, 0, id="busy"),
        pytest.param(BATCH, WORK, 1, id="ladder gives way"),
        pytest.param(SPEECH, WORK, 1, id="transcription gives way"),
        pytest.param(SPEECH, BATCH, 1, id="transcription gives way to a ladder"),
        pytest.param(BATCH, BATCH, 0, id="ladder gives way to no ladder"),
    ],
)
def test_m104_host_is_free_for_parts_of_a_video_while_what_it_does_gives_way(
    engine: TestEngine, running: str | None, cut: str, expected: int
) -> None:
    """M104"""
    assembly = engine.assembly(steps=STORE_ORIGINAL)
    engine.upload(assembly, b"meow")
    engine.runner(PROBE).run_once()
    report(engine, "roof", hosts.INGEST).join()
    fence = report(engine)
    fence.join()
    if running is not None:
        with engine.database.write() as session:
            job = session.query(Job).filter_by(state="waiting").one()
            job.queue, job.state = running, "running"
        with engine.jobs.running.register("job", assembly["assembly_id"], 1, node="exported"):
            fence.check_in()

    with engine.database.read() as session:
        assert hosts.free_workers(session, but="roof", queue=cut) == expected


def test_m104_host_whose_work_is_not_known_is_not_free(engine: TestEngine) -> None:
    """M104: as that of a streaming encode, which is no job."""
    report(engine, "roof", hosts.INGEST).join()
    fence = report(engine)
    fence.join()
    with engine.jobs.running.register("encode", "cats", 0):
        fence.check_in()

    with engine.database.read() as session:
        assert hosts.free_workers(session, but="roof", queue=WORK) == 0


def test_depth_and_age_of_queues(engine: TestEngine) -> None:
    for body in (b"meow", b"purr"):
        engine.upload(engine.assembly(steps=STORE_ORIGINAL), body)
        engine.runner(PROBE).run_once()
    engine.clock.advance(30)
    with engine.database.write() as session:
        now = engine.clock()
        leases.claim(session, engine.jobs.turns, owner="a", queue=WORK, now=now, lease_seconds=15)

    with engine.database.read() as session:
        depths = {depth.queue: depth for depth in queue_depths(session, now=engine.clock())}

    assert depths.keys() == {"probe", "work", "batch", "speech"}
    work = depths["work"]
    assert (work.waiting, work.running) == (1, 1)
    assert work.oldest_seconds == pytest.approx(30, abs=0.1)
    assert depths["batch"].waiting == depths["batch"].oldest_seconds == 0
