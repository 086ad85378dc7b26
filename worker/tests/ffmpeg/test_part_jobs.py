"""Jobs in parts: two worker hosts and one long video, with everything that can come in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cattube_worker.assemblies.hosts import hosts as host_rows
from cattube_worker.assemblies.hosts.hosts import WORKER
from cattube_worker.assemblies.jobs.job_parts import Part
from cattube_worker.assemblies.model import BATCH, PROBE, WORK, Job
from cattube_worker.execution.jobs import leases, part_tasks
from cattube_worker.execution.jobs.claimable import Reach
from cattube_worker.execution.jobs.leases import Lease
from cattube_worker.execution.jobs.part_tasks import LEAST_WALL_CLOCK_SECONDS
from cattube_worker.execution.steps.encoded_parts import Division
from cattube_worker.media.mp4.sample_table import sample_table
from cattube_worker.media.process.run import Stopped

from ..conftest import TestClock, TestEngine, open_test_engine
from ..execution.job_files.conftest import Hosts, bucket_settings, hosts
from .conftest import ffmpeg

__all__ = ["hosts"]
pytestmark = pytest.mark.ffmpeg

SECONDS, RATE, PARTS = 8, 25, 4
STEPS: dict[str, Any] = {
    ":original": {"robot": "/upload/handle"},
    "larger": {"robot": "/video/encode", "use": ":original", "preset": "hls/270p", "width": 160},
    "smaller": {"robot": "/video/encode", "use": ":original", "preset": "dash/270p-video", "width": 96},
    "exported": {
        "robot": "/backblaze/store",
        "use": ["larger", "smaller"],
        "credentials": "cattube",
        "path": "${previous_step.name}.mp4",
    },
}


@pytest.fixture(scope="session")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Long for workers that take parts of two seconds."""
    path = tmp_path_factory.mktemp("long") / "long.mp4"
    ffmpeg(
        *("-f", "lavfi", "-i", f"testsrc2=s=192x108:r={RATE}:d={SECONDS}"),
        *("-f", "lavfi", "-i", f"sine=f=440:r=48000:d={SECONDS}"),
        *("-c:v", "libx264", "-g", "24", "-pix_fmt", "yuv420p", "-c:a", "aac"),
        path,
    )
    return path.read_bytes()


@dataclass
class Workers:
    """hosts: the ingest host and the bucket. alice, bob: worker hosts with nothing to do."""

    hosts: Hosts
    alice: TestEngine
    bob: TestEngine

    def send(self, video: bytes, **document: Any) -> dict[str, Any]:
        """An assembly whose upload was probed."""
        assembly = self.hosts.ingest.assembly(**{"steps": STEPS, **document})
        self.hosts.ingest.upload(assembly, video, filename="cat.mp4")
        assert self.hosts.ingest.runner(PROBE).run_once()
        return assembly

    def status(self, assembly: dict[str, Any]) -> dict[str, Any]:
        return self.hosts.ingest.status(assembly)

    def jobs(self) -> list[Job]:
        with self.hosts.ingest.database.read() as session:
            return list(session.scalars(select(Job).where(Job.queue != PROBE).order_by(Job.created_at)))

    def parts(self) -> list[Job]:
        return [job for job in self.jobs() if job.part_of is not None]

    def work(self) -> None:
        """Have both work in turns until nothing is left that is due."""
        alice, bob = self.alice.runner(), self.bob.runner()
        while alice.run_once() | bob.run_once():
            pass

    def claim(self, engine: TestEngine) -> Lease:
        """A lease on a job, whose worker then does nothing."""
        with engine.database.write() as session:
            lease = leases.claim(
                session, engine.jobs.turns, owner="silent", queue=WORK, now=engine.clock(), lease_seconds=15
            )
        assert lease is not None
        return lease

    def frames(self, step: str, folder: Path) -> int:
        """Frames of a result in the bucket."""
        path = folder / "result.mp4"
        path.write_bytes(self.hosts.content(f"{step}.mp4"))
        table = sample_table(path)
        assert table is not None
        assert table.is_even
        return len(table.shown_at)


@pytest.fixture
def workers(hosts: Hosts, tmp_path: Path) -> Iterator[Workers]:
    settings = {
        **bucket_settings(hosts.server, hosts.bucket),
        "engine_secret": "of all engines",
        "scratch": "bucket",
        "worker_database_url": hosts.ingest.settings.worker_database_url.get_secret_value(),
        "part_seconds": 2,
    }
    engines = []
    for name in ("alice", "bob"):
        (tmp_path / name).mkdir()
        clock: TestClock = hosts.ingest.clock
        engines.append(open_test_engine(tmp_path / name, clock, **settings, host_name=name))
        # As with a broker.
        object.__setattr__(engines[-1].jobs, "reach", Reach(name))
        report(engines[-1], name)
    yield Workers(hosts, *engines)
    for engine in engines:
        engine.close()


def report(engine: TestEngine, name: str, *, version: str = "1", ffmpeg_version: str = "7") -> None:
    """Say that the host is there and has nothing to do."""
    with engine.database.write() as session:
        host_rows.check_in(
            session,
            name=name,
            role=WORKER,
            version=version,
            started_at=0,
            clock_offset_seconds=0,
            ffmpeg_version=ffmpeg_version,
            missing_encoders=[],
            running=[],
        )


def test_m75_two_workers_encode_one_video_side_by_side(
    workers: Workers, long_video: bytes, tmp_path: Path
) -> None:
    """M75"""
    assembly = workers.send(long_video)

    assert workers.alice.runner().run_once()
    assert [job.state for job in workers.parts()] == ["waiting"] * (PARTS + 1)
    workers.work()

    assert workers.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert workers.frames("larger", tmp_path) == workers.frames("smaller", tmp_path) == SECONDS * RATE
    assert len({job.lease_owner for job in workers.parts()}) == 2


def test_m75_nothing_is_left_of_parts(workers: Workers, long_video: bytes) -> None:
    """M75: neither in the bucket nor on the hosts."""
    workers.send(long_video)
    workers.work()

    for engine in (workers.hosts.ingest, workers.alice, workers.bob):
        engine.cleanup.tidy_ended()
        engine.cleanup.sweep_files()

    assert sorted(workers.hosts.objects()) == ["larger.mp4", "smaller.mp4"]


def test_m76_status_of_a_video_in_parts_is_that_of_any_other(workers: Workers, long_video: bytes) -> None:
    """M76: clients see the jobs of the whole, and progress that only grows."""
    assembly = workers.send(long_video)
    seen, progress = [], []
    alice, bob = workers.alice.runner(), workers.bob.runner()

    while alice.run_once() | bob.run_once():
        status = workers.status(assembly)
        if not any(job.part_of is not None for job in workers.jobs()) or status["ok"] == "ASSEMBLY_COMPLETED":
            break
        if any(job.node == "larger+smaller" and job.state != "done" for job in workers.jobs()):
            seen.append((status["running_jobs"], status["execution_phase"]))
            progress.append(status["progress_combined"])

    assert len(seen) >= 2
    assert all(facts == (["larger:::original", "smaller:::original"], "processing") for facts in seen)
    assert progress == sorted(progress)
    assert progress[-1] > progress[0]


def test_m77_cutting_takes_nothing_from_the_join(workers: Workers, long_video: bytes) -> None:
    """M77: it has all attempts of a job, and goes before what has not begun."""
    workers.send(long_video)
    while not workers.parts() or any(job.state != "done" for job in workers.parts()):
        assert workers.alice.runner().run_once()

    (whole,) = (job for job in workers.jobs() if job.part_of is None)
    assert (whole.state, whole.attempt, whole.is_new) == ("waiting", 0, False)


def test_f88_parts_take_turns_with_the_videos_of_other_people(workers: Workers, long_video: bytes) -> None:
    """F88"""
    workers.send(long_video, fields={"owner": "alice"})
    assert workers.alice.runner().run_once()
    assert workers.parts()
    workers.send(long_video, fields={"owner": "bob"})
    claimed = [workers.claim(workers.alice).job_id for _ in range(2)]
    workers.send(long_video, fields={"owner": "carol"})

    claimed += [workers.claim(workers.alice).job_id for _ in range(2)]
    owners = {job.id: job.owner for job in workers.jobs()}

    assert [owners[job_id] for job_id in claimed] == ["bob", "alice", "carol", "alice"]


def test_f91_part_that_never_ends_takes_its_share_of_the_time(
    workers: Workers, long_video: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F91: of the eight hours that the whole has."""
    workers.send(long_video)
    assert workers.alice.runner().run_once()
    seconds: list[float] = []

    def note(division: Division, _part: Part) -> None:
        seconds.append(division.workspace.limits.wall_clock_seconds)
        raise Stopped

    monkeypatch.setattr(part_tasks, "encode_part", note)
    assert workers.alice.runner().run_once()

    assert seconds == [pytest.approx(8 * 3600 / PARTS, rel=0.2)]


@pytest.mark.parametrize(
    ("share", "whole_seconds", "expected"),
    [
        (0.5, 28800, 14400),
        (1.01, 28800, 28800),
        (0.01, 28800, LEAST_WALL_CLOCK_SECONDS),
        (0, 28800, LEAST_WALL_CLOCK_SECONDS),
        (0.01, 600, 600),
    ],
)
def test_f91_part_has_its_share_of_the_time_and_some_at_least(
    share: float, whole_seconds: float, expected: float
) -> None:
    """F91"""
    assert part_tasks.wall_clock_of(share, whole_seconds=whole_seconds) == expected


def test_m77_part_of_a_worker_that_died_is_encoded_by_another(
    workers: Workers, long_video: bytes, tmp_path: Path
) -> None:
    """M77: that part alone; what the dead worker might still write does not count."""
    assembly = workers.send(long_video)
    assert workers.alice.runner().run_once()
    lease = workers.claim(workers.alice)

    workers.hosts.ingest.clock.advance(20)
    workers.work()

    attempts = {job.id: job.attempt for job in workers.parts()}
    assert attempts.pop(lease.job_id) == 2
    assert set(attempts.values()) == {1}
    with workers.alice.database.read() as session:
        assert leases.held(session, lease) is None
    assert workers.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert workers.frames("larger", tmp_path) == SECONDS * RATE


def test_m78_video_whose_parts_are_gone_is_encoded_as_a_whole(
    workers: Workers, long_video: bytes, tmp_path: Path
) -> None:
    """M78: somebody empties the bucket behind our back, before bob has got his parts."""
    assembly = workers.send(long_video)
    assert workers.alice.runner().run_once()
    for key in workers.hosts.objects("scratch/"):
        workers.hosts.server.client.delete_object(Bucket=workers.hosts.bucket, Key=key)

    for _ in range(6):
        while workers.bob.runner().run_once():
            pass
        workers.hosts.ingest.clock.advance(60)

    assert workers.parts() == []
    assert workers.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert workers.frames("larger", tmp_path) == SECONDS * RATE


def test_m78_video_in_parts_is_canceled_like_any_other(workers: Workers, long_video: bytes) -> None:
    """M78"""
    assembly = workers.send(long_video)
    assert workers.alice.runner().run_once()

    path = f"/assemblies/{assembly['assembly_id']}"
    answer = workers.hosts.ingest.client.delete(path, data=workers.hosts.ingest.signed_now())

    assert answer.status_code == 200
    assert {job.state for job in workers.jobs()} == {"failed"}
    assert not workers.bob.runner().run_once()


def test_m75_ladder_in_parts_gives_way_to_what_somebody_waits_for(
    workers: Workers, long_video: bytes
) -> None:
    """M75: parts of batch work are batch work."""
    steps = {name: {**step, "queue": "batch"} for name, step in STEPS.items() if name != ":original"}
    workers.send(long_video, steps={":original": STEPS[":original"], **steps})

    assert not workers.alice.runner(WORK).run_once()
    assert workers.alice.runner(BATCH).run_once()

    assert {job.queue for job in workers.parts()} == {BATCH}
    assert not workers.bob.runner(WORK).run_once()


@pytest.mark.parametrize("other", ["gone", "of-another-ffmpeg", "of-another-release"])
def test_m75_video_stays_whole_while_no_other_worker_can_help(
    workers: Workers, long_video: bytes, other: str
) -> None:
    """M75"""
    if other == "gone":
        with workers.bob.database.write() as session:
            host_rows.leave(session, "bob")
    elif other == "of-another-ffmpeg":
        report(workers.bob, "bob", ffmpeg_version="5.1")
    else:
        report(workers.bob, "bob", version="0")
    assembly = workers.send(long_video)

    workers.work()

    assert workers.parts() == []
    assert workers.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_m75_one_machine_cuts_nothing(tmp_path: Path, long_video: bytes) -> None:
    """M75"""
    engine = open_test_engine(tmp_path, part_seconds=2)
    assembly = engine.assembly(steps=STEPS)
    engine.upload(assembly, long_video, filename="cat.mp4")

    engine.work()

    with engine.database.read() as session:
        assert session.scalars(select(Job).where(Job.part.is_not(None))).all() == []
    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    engine.close()
