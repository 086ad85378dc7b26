"""Worker hosts: whatever becomes of one, or of the broker, each video is made once and whole."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection
from servers.processes import free_port
from servers.rabbitmq import RabbitMQ

from cattube_worker.execution.cluster.broker import Broker
from cattube_worker.execution.cluster.wake_ups import WakeUp

from ..conftest import STORE_ORIGINAL, UPLOAD_ONLY, files_below
from ..server.conftest import start, wait_until
from .conftest import Site, close, open_site

SMALL = {"robot": "/video/encode", "use": ":original", "preset": "web/mp4/360p", "width": 320, "height": 180}
ENCODE = {**UPLOAD_ONLY, "small": SMALL}
# To be caught in the middle.
SLOW = {**UPLOAD_ONLY, "small": {**SMALL, "ffmpeg": {"preset": "veryslow"}}}
SECONDS = 30


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    picture = ["-f", "lavfi", "-i", f"testsrc2=s=640x360:r=25:d={SECONDS},noise=alls=10:allf=t"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *picture, *coded, str(path)], check=True)
    return path.read_bytes()


def duration(status: dict[str, Any]) -> float:
    return float(status["results"]["small"][0]["meta"]["duration"])


def test_worker_host_makes_what_was_sent_to_another(site: Site, clip: bytes) -> None:
    site.start_worker("fence")

    assembly = site.upload(clip, ENCODE)
    status = site.door.wait_for_end(assembly)

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert duration(status) == pytest.approx(SECONDS, abs=0.2)
    assert [job.node for job in site.jobs(host="door")] == [":original"]


def test_f52_messages_are_acknowledged_while_their_jobs_run(
    site: Site, broker: RabbitMQ, clip: bytes
) -> None:
    """F52: Celery shows the job, and the broker waits for nothing."""
    site.start_worker("fence")
    site.upload(clip, SLOW)
    site.upload(b"meow", STORE_ORIGINAL)
    site.wait_until_runs("fence", "small")

    active = site.inspect("active")
    reserved = site.inspect("reserved")
    queues = broker.control("list_queues", "name", "messages_ready", "messages_unacknowledged")

    assert [task["name"] for task in active["celery@fence"]] == ["cattube.run_job"]
    assert [task for task in reserved["celery@fence"] if not task["acknowledged"]] == []
    counts = {name: counts for name, *counts in map(str.split, queues.splitlines())}
    assert counts["cattube.work"] == ["1", "0"]


def test_f46_job_of_a_worker_that_was_killed_is_finished_by_another(site: Site, clip: bytes) -> None:
    """F46"""
    fence = site.start_worker("fence")
    assembly = site.upload(clip, SLOW)
    site.wait_until_runs("fence", "small")
    fence.kill()

    site.start_worker("roof")
    status = site.door.wait_for_end(assembly)

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert duration(status) == pytest.approx(SECONDS, abs=0.2)
    (job,) = site.jobs(node="small")
    assert job.attempt == 2


def test_f47_worker_that_is_told_to_leave_gives_its_job_back(site: Site, clip: bytes) -> None:
    """F47: the next one begins at once, not when a lease ends, and the attempt does not count."""
    fence = site.start_worker("fence")
    assembly = site.upload(clip, SLOW)
    site.wait_until_runs("fence", "small")

    assert fence.stop() == 0

    (job,) = site.jobs(node="small")
    assert (job.state, job.attempt) == ("waiting", 0)
    assert not site.is_present("fence")
    site.start_worker("roof")
    assert site.door.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_f49_two_workers_share_the_work(site: Site, clip: bytes) -> None:
    """F49"""
    site.start_worker("fence")
    site.start_worker("roof")
    assemblies = [site.upload(clip, ENCODE) for _ in range(2)]

    site.wait_until_runs("fence", "small")
    site.wait_until_runs("roof", "small")
    statuses = [site.door.wait_for_end(assembly) for assembly in assemblies]

    assert [status["ok"] for status in statuses] == ["ASSEMBLY_COMPLETED"] * 2
    assert [job.attempt for job in site.jobs(node="small")] == [1, 1]


def test_f44_doubled_messages_run_nothing_twice(site: Site, broker: RabbitMQ) -> None:
    """F44"""
    assemblies = [site.upload(b"meow", STORE_ORIGINAL) for _ in range(3)]
    wait_until(lambda: len(site.jobs(node="exported")) == 3)
    double = Broker(broker.url)
    double.publish(
        [WakeUp("cattube.work", job.id) for job in site.jobs(node="exported") for _ in range(5)]
        + [WakeUp("cattube.work", "a job that never was")]
    )
    double.close()

    site.start_worker("fence")
    statuses = [site.door.wait_for_end(assembly) for assembly in assemblies]

    assert [status["ok"] for status in statuses] == ["ASSEMBLY_COMPLETED"] * 3
    assert [job.fence for job in site.jobs(node="exported")] == [1, 1, 1]
    assert len(files_below(site.folder / "bucket")) == 3


def test_f45_broker_that_is_killed_and_wiped_costs_seconds(
    site: Site, broker: RabbitMQ, clip: bytes
) -> None:
    """F45: the job that runs goes on, what waits is announced anew, and the worker listens again."""
    site.start_worker("fence")
    running = site.upload(clip, SLOW)
    site.wait_until_runs("fence", "small")
    waiting = site.upload(b"meow", STORE_ORIGINAL)
    wait_until(lambda: site.jobs(node="exported"))

    broker.kill()
    broker.wipe()
    broker.start()

    assert site.door.wait_for_end(running)["ok"] == "ASSEMBLY_COMPLETED"
    assert site.door.wait_for_end(waiting)["ok"] == "ASSEMBLY_COMPLETED"
    assert [job.attempt for job in site.jobs(node="small")] == [1]


def test_f45_site_starts_without_its_broker_and_works_when_it_is_there(tmp_path: Path) -> None:
    """F45"""
    later = RabbitMQ(tmp_path_of(tmp_path, "broker"))
    site = open_site(tmp_path_of(tmp_path, "site"), later.url)
    assembly = site.upload(b"meow", STORE_ORIGINAL)
    site.start_worker("fence")

    later.start()
    try:
        assert site.door.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    finally:
        close(site)
        later.stop()


def test_f51_batch_work_waits_for_the_work_of_others(site: Site, clip: bytes) -> None:
    """F51: a long ladder keeps no upload waiting on a host with one slot."""
    site.start_worker("fence")
    ladder = site.upload(clip, {**UPLOAD_ONLY, "small": {**SLOW["small"], "queue": "batch"}})
    site.wait_until_runs("fence", "small")

    other = site.upload(b"meow", STORE_ORIGINAL)

    assert site.door.wait_for_end(other)["ok"] == "ASSEMBLY_COMPLETED"
    assert site.jobs(node="small")[0].state == "running"
    assert site.door.wait_for_end(ladder)["ok"] == "ASSEMBLY_COMPLETED"
