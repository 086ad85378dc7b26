"""Worker hosts: whatever becomes of one, or of the broker, each video is made once and whole."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from amqp.exceptions import ResourceLocked
from kombu import Connection
from servers.brokers.rabbitmq import RabbitMQ
from servers.speech import MODEL

from cattube_worker.execution.cluster.broker import Broker
from cattube_worker.execution.cluster.wake_ups import WakeUp
from cattube_worker.execution.jobs import leases

from ..conftest import STORE_ORIGINAL, UPLOAD_ONLY
from ..server.conftest import wait_until
from ..talk import TRANSCRIPTION, minutes_of_talk
from .conftest import Site, Worker

SMALL = {"robot": "/video/encode", "use": ":original", "preset": "web/mp4/360p", "width": 320, "height": 180}
ENCODE = {**UPLOAD_ONLY, "small": SMALL}
# To be caught in the middle.
SLOW = {**UPLOAD_ONLY, "small": {**SMALL, "ffmpeg": {"preset": "veryslow"}}}
SECONDS = 16


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    picture = ["-f", "lavfi", "-i", f"testsrc2=s=320x180:r=25:d={SECONDS},noise=alls=10:allf=t"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *picture, *coded, str(path)], check=True)
    return path.read_bytes()


def assert_is_whole(status: dict[str, Any]) -> None:
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert status["results"]["small"][0]["meta"]["duration"] == pytest.approx(SECONDS, abs=0.2)


def attempts(site: Site, assembly: dict[str, Any], node: str = "small") -> int:
    job = site.job(assembly, node)
    assert job is not None
    return job.attempt


def can_be_inspected(broker: RabbitMQ, worker: Worker) -> bool:
    """Whether the worker has its queue for `celery inspect`, which may be for itself alone."""
    with Connection(broker.url) as connection:
        try:
            connection.default_channel.queue_declare(f"celery@{worker.name}.cattube.pidbox", passive=True)
        except connection.channel_errors as error:
            return isinstance(error, ResourceLocked)
        return True


def test_f48_worker_host_makes_what_was_sent_to_another(site: Site, clip: bytes) -> None:
    """F48: but for the probe, which is for the host that has the bytes."""
    site.start_worker("fence")

    assembly = site.upload(clip, ENCODE)

    assert_is_whole(site.door.wait_for_end(assembly))
    probe, encode = site.job(assembly, ":original"), site.job(assembly, "small")
    assert probe is not None
    assert encode is not None
    assert (probe.host, encode.host) == ("door", None)


def test_f48_job_of_one_worker_host_waits_for_it(site: Site) -> None:
    """F48"""
    assembly = site.upload(b"meow", STORE_ORIGINAL)
    wait_until(lambda: site.job(assembly, "exported"))
    job = site.job(assembly, "exported")
    assert job is not None
    with site.database.write() as session:
        leases.bind(session, job.assembly_id, job.node, job.input_ids, host="roof")

    site.start_worker("fence")
    other = site.upload(b"purr", STORE_ORIGINAL)
    assert site.door.wait_for_end(other)["ok"] == "ASSEMBLY_COMPLETED"
    before = site.job(assembly, "exported")
    site.start_worker("roof")

    assert site.door.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    after = site.job(assembly, "exported")
    assert before is not None
    assert after is not None
    assert (before.attempt, str(after.lease_owner).split(":")[0]) == (0, "roof")


def test_f52_messages_are_acknowledged_while_their_jobs_run(
    site: Site, broker: RabbitMQ, clip: bytes
) -> None:
    """F52: Celery shows the job, and the broker waits for nothing."""
    fence = site.start_worker("fence")
    encoded = site.upload(clip, SLOW)
    site.wait_until_runs(fence, encoded, "small")
    waiting = site.upload(b"meow", STORE_ORIGINAL)
    wait_until(lambda: site.job(waiting, "exported"))

    active, reserved = site.inspect(fence, "active"), site.inspect(fence, "reserved")
    counts = broker.control("list_queues", "name", "messages_unacknowledged")

    assert [task["name"] for task in active] == ["cattube.run_job"]
    assert [task for task in reserved if not task["acknowledged"]] == []
    assert "cattube.work\t0" in counts.splitlines()
    for assembly in (encoded, waiting):
        assert site.door.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_f46_job_of_a_worker_that_was_killed_is_finished_by_another(site: Site, clip: bytes) -> None:
    """F46"""
    fence = site.start_worker("fence")
    assembly = site.upload(clip, SLOW)
    site.wait_until_runs(fence, assembly, "small")
    fence.kill()

    site.start_worker("roof")

    assert_is_whole(site.door.wait_for_end(assembly))
    assert attempts(site, assembly) == 2


def test_f114_worker_host_that_is_back_before_the_broker_misses_it_works(
    site: Site, broker: RabbitMQ, clip: bytes
) -> None:
    """F114: to the broker, the old connection of the host is open, and nothing comes by it."""
    lost = site.start_worker("fence")
    wait_until(lambda: can_be_inspected(broker, lost))
    os.killpg(lost.process.pid, signal.SIGSTOP)

    back = site.start_worker("fence")
    assert_is_whole(site.door.wait_for_end(site.upload(clip, ENCODE)))

    assert back.stop() == 0


def test_f47_worker_that_is_told_to_leave_gives_its_job_back(site: Site, clip: bytes) -> None:
    """F47: the attempt does not count, and nobody waits for the end of a lease."""
    fence = site.start_worker("fence")
    assembly = site.upload(clip, SLOW)
    site.wait_until_runs(fence, assembly, "small")

    assert fence.stop() == 0

    job = site.job(assembly, "small")
    assert job is not None
    assert (job.state, job.attempt) == ("waiting", 0)
    assert not site.is_present("fence")
    site.start_worker("roof")
    assert_is_whole(site.door.wait_for_end(assembly))


def test_f49_two_workers_share_the_work(site: Site, clip: bytes) -> None:
    """F49"""
    workers = [site.start_worker(name) for name in ("fence", "roof")]
    assemblies = [site.upload(clip, SLOW) for _ in workers]

    owners: set[str] = set()

    def both_work() -> bool:
        jobs = [site.job(assembly, "small") for assembly in assemblies]
        owners.update(str(job.lease_owner).split(":")[0] for job in jobs if job and job.state == "running")
        return owners == {"fence", "roof"}

    wait_until(both_work)
    for assembly in assemblies:
        assert_is_whole(site.door.wait_for_end(assembly))
        assert attempts(site, assembly) == 1


def test_f44_doubled_messages_run_nothing_twice(site: Site, broker: RabbitMQ) -> None:
    """F44"""
    assemblies = [site.upload(b"meow", STORE_ORIGINAL) for _ in range(3)]
    wait_until(lambda: all(site.job(assembly, "exported") for assembly in assemblies))
    jobs = [job for assembly in assemblies if (job := site.job(assembly, "exported"))]
    double = Broker(broker.url)
    double.publish([WakeUp("cattube.work", job_id) for job_id in [*(job.id for job in jobs), "gone"] * 5])
    double.close()

    site.start_worker("fence")

    for assembly in assemblies:
        assert site.door.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"
        assert attempts(site, assembly, "exported") == 1


def test_f51_batch_work_keeps_no_upload_waiting(site: Site, clip: bytes) -> None:
    """F51: on a host with one slot, in the middle of a long ladder."""
    fence = site.start_worker("fence")
    ladder = site.upload(clip, {**UPLOAD_ONLY, "small": {**SLOW["small"], "queue": "batch"}})
    site.wait_until_runs(fence, ladder, "small")

    other = site.upload(b"meow", STORE_ORIGINAL)

    assert site.door.wait_for_end(other)["ok"] == "ASSEMBLY_COMPLETED"
    job = site.job(ladder, "small")
    assert job is not None
    assert job.state == "running"
    assert_is_whole(site.door.wait_for_end(ladder))


def test_f120_transcription_keeps_no_ladder_waiting(site: Site, clip: bytes, tmp_path: Path) -> None:
    """F120: on a host with one slot."""
    fence = site.start_worker("fence", CAPTIONS_MODEL=str(MODEL))
    transcription = site.upload(minutes_of_talk(tmp_path), TRANSCRIPTION)
    site.wait_until_runs(fence, transcription, "text")

    ladder = site.upload(clip, {**UPLOAD_ONLY, "small": {**SMALL, "queue": "batch"}})

    assert_is_whole(site.door.wait_for_end(ladder))
    job = site.job(transcription, "text")
    assert job is not None
    assert job.state == "running"


def test_f45_broker_that_is_killed_and_wiped_costs_seconds(site: Site, broker: RabbitMQ, clip: bytes) -> None:
    """F45: the job that runs goes on, what waits is announced anew, and the worker listens again."""
    fence = site.start_worker("fence")
    running = site.upload(clip, SLOW)
    site.wait_until_runs(fence, running, "small")
    waiting = site.upload(b"meow", STORE_ORIGINAL)
    wait_until(lambda: site.job(waiting, "exported"))

    broker.kill()
    broker.wipe()
    broker.start()

    assert site.door.wait_for_end(waiting)["ok"] == "ASSEMBLY_COMPLETED"
    assert_is_whole(site.door.wait_for_end(running))
    assert attempts(site, running) == 1


def test_f45_site_starts_without_its_broker_and_works_when_it_is_there(tmp_path: Path) -> None:
    """F45"""
    (tmp_path / "broker").mkdir()
    broker = RabbitMQ(tmp_path / "broker")
    site = Site(tmp_path / "site", broker.url)
    assembly = site.upload(b"meow", STORE_ORIGINAL)
    site.start_worker("fence")

    try:
        broker.start()
        assert site.door.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    finally:
        site.close()
        broker.stop()
