"""A long video that several worker hosts encode in parts, each host a process of its own."""

from __future__ import annotations

import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cattube_worker.assemblies.model import Job
from cattube_worker.media.mp4.sample_table import sample_table

from ..conftest import UPLOAD_ONLY
from ..server.conftest import PATIENCE_SECONDS, wait_until
from .conftest import Site, Worker

SECONDS, RATE = 16, 25
PART_SECONDS = "4"
SMALL = {"robot": "/video/encode", "use": ":original", "preset": "hls/360p", "width": 320, "height": 180}
# To be caught in the middle.
SLOW = {**UPLOAD_ONLY, "small": {**SMALL, "ffmpeg": {"preset": "veryslow"}}}


@pytest.fixture(scope="module")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    picture = ["-f", "lavfi", "-i", f"testsrc2=s=320x180:r={RATE}:d={SECONDS},noise=alls=10:allf=t"]
    sound = ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={SECONDS}"]
    coded = ["-c:v", "libx264", "-preset", "veryfast", "-g", "24", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *picture, *sound, *coded, str(path)], check=True)
    return path.read_bytes()


def parts(site: Site, assembly: dict[str, Any]) -> list[Job]:
    with site.database.read() as session:
        jobs = select(Job).filter_by(assembly_id=assembly["assembly_id"]).where(Job.part_of.is_not(None))
        return list(session.scalars(jobs.order_by(Job.created_at)))


def hosts_of(jobs: list[Job]) -> set[str]:
    return {str(job.lease_owner).partition(":")[0] for job in jobs if job.lease_owner}


def running_part(site: Site, assembly: dict[str, Any], worker: Worker) -> Job | None:
    """A part that the worker is encoding, and of which it has some."""
    return next(
        (
            job
            for job in parts(site, assembly)
            if job.state == "running" and job.progress > 0 and hosts_of([job]) == {worker.name}
        ),
        None,
    )


def assert_is_whole(status: dict[str, Any], folder: Path) -> None:
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    (result,) = status["results"]["small"]
    path = folder / "result.mp4"
    with urllib.request.urlopen(result["url"], timeout=PATIENCE_SECONDS) as answer:
        path.write_bytes(answer.read())
    table = sample_table(path)
    assert table is not None
    assert table.is_even
    assert len(table.shown_at) == SECONDS * RATE
    assert result["meta"]["duration"] == pytest.approx(SECONDS, abs=0.05)


def test_m75_two_worker_hosts_finish_one_long_video(site: Site, long_video: bytes, tmp_path: Path) -> None:
    """M75: each in a process of its own."""
    for name in ("fence", "roof"):
        site.start_worker(name, PART_SECONDS=PART_SECONDS)

    assembly = site.upload(long_video, SLOW)

    assert_is_whole(site.door.wait_for_end(assembly), tmp_path)
    assert hosts_of(parts(site, assembly)) == {"fence", "roof"}
    assert [job.attempt for job in parts(site, assembly)] == [1] * 5


def test_m77_worker_host_that_is_killed_costs_one_part(site: Site, long_video: bytes, tmp_path: Path) -> None:
    """M77: the other encodes that part again, and all that are left."""
    fence, _ = (site.start_worker(name, PART_SECONDS=PART_SECONDS) for name in ("fence", "roof"))
    assembly = site.upload(long_video, SLOW)
    wait_until(lambda: running_part(site, assembly, fence) is not None)

    fence.kill()

    assert_is_whole(site.door.wait_for_end(assembly), tmp_path)
    assert sorted(job.attempt for job in parts(site, assembly))[:4] == [1] * 4
