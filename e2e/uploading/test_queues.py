"""A whole site whose engine reports by a queue: `make run` starts the consumer, and videos become ready."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from e2e.api_client import api_client, manage
from e2e.media.clips import make_full_hd_clip
from e2e.site import Site, processes_using, start_site
from e2e.waiting import wait_until
from servers.brokers.broker import Broker
from servers.s3_server import S3Server


@pytest.fixture
def notifications_url(broker: Broker) -> str:
    return broker.new_address()


@pytest.fixture
def site(notifications_url: str, tmp_path: Path) -> Iterator[Site]:
    site = start_site(tmp_path / "data", NOTIFICATIONS_URL=notifications_url)
    yield site
    if site.process.poll() is None:
        site.stop()


def consumer_of(site: Site) -> int:
    """The number of the process that takes notifications."""
    (pid,) = (pid for pid, line in processes_using(site.data).items() if "consume_notifications" in line)
    return pid


def test_video_becomes_ready_and_all_that_the_engine_reports_comes_by_the_queue(
    site: Site, notifications_url: str, tmp_path: Path
) -> None:
    client = api_client(site)
    clip = make_full_hd_clip(tmp_path / "walk.mp4", seconds=2)

    video_id, assembly_id = client.upload(clip)

    assert client.wait_until_finished(video_id)["status"] == "ready"
    applied = f"Assembly {assembly_id} of video {video_id}"
    wait_until(lambda: applied in site.output, site=site)
    answer = httpx.get(f"{site.engine_url}/assembly_notifications/{assembly_id}").json()
    assert {entry["response_code"] for entry in answer["notifications"]} <= {202, None}
    told = manage(site, "doctor", NOTIFICATIONS_URL=notifications_url).stdout
    assert "ok       Notification: The engine's report arrives at" in told
    assert "takes messages" in told


@pytest.fixture
def bucket_settings(broker: Broker, s3_server: S3Server, s3_bucket: str) -> dict[str, str]:
    """Settings of a site whose files go straight to a bucket, and all whose messages to queues.

    They go by TLS where the broker has that.
    """
    new_address = broker.tls_address if broker.is_full else broker.new_address
    return {
        "UPLOAD_TO": "bucket",
        "AWS_S3_ENDPOINT_URL": s3_server.endpoint_url,
        "AWS_S3_REGION_NAME": s3_server.region,
        "AWS_ACCESS_KEY_ID": s3_server.key_id,
        "AWS_SECRET_ACCESS_KEY": s3_server.secret,
        "AWS_PRIVATE_BUCKET_NAME": s3_bucket,
        "TRANSCODER_WEBHOOK": new_address(),
        "NOTIFICATIONS_URL": new_address(),
    }


def test_video_in_the_bucket_is_announced_and_reported_by_queues(
    bucket_settings: dict[str, str], tmp_path: Path
) -> None:
    site = start_site(tmp_path / "data", **bucket_settings)
    client = api_client(site)
    clip = make_full_hd_clip(tmp_path / "walk.mp4", seconds=2)

    begun = client.call(
        "POST", "/uploads", title="A walk", filename="walk.mp4", size_bytes=clip.stat().st_size
    )
    video_id = begun["video"]["id"]
    part = client.call("POST", f"/uploads/{video_id}/parts/1")
    httpx.put(part["url"], content=clip.read_bytes()).raise_for_status()
    announced = client.call("POST", f"/uploads/{video_id}/complete")

    # Known at once, although nobody has answered the announcement.
    assert len(announced["assembly_id"]) == 32
    assert client.wait_until_finished(video_id)["status"] == "ready"
    told = manage(site, "doctor", **bucket_settings).stdout
    assert told.count("takes messages; ") == 2
    assert "FAILED   Queue" not in told
    dead_letters = manage(site, "dead_letters", **bucket_settings).stdout
    assert dead_letters.count("0 dead letters of") == 2
    site.stop()


def test_f53_consumer_that_is_killed_is_started_again_and_ends_with_its_site(
    site: Site, notifications_url: str, tmp_path: Path
) -> None:
    client = api_client(site)
    clip = make_full_hd_clip(tmp_path / "walk.mp4", seconds=2)
    upload = client.begin_upload(clip)
    os.kill(consumer_of(site), signal.SIGKILL)
    upload.engine.send(upload.address, clip)

    assert client.wait_until_finished(upload.video_id)["status"] == "ready"
    applied = f"Assembly {upload.assembly_id} of video {upload.video_id}"
    wait_until(lambda: "The consumer of notifications ended; starting it again." in site.output, site=site)
    wait_until(lambda: applied in site.output.rpartition("starting it again")[2], site=site)

    assert site.stop() == 0
    assert [line for line in processes_using(site.data).values() if "consume_notifications" in line] == []
    assert "Traceback" not in site.output
