"""A whole site whose engine reports by a queue: `make run` starts the consumer, and videos become ready."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from e2e.api_client import api_client, manage
from e2e.clips import make_full_hd_clip
from e2e.site import PATIENCE_SECONDS, Site, processes_using, start_site
from servers.brokers import Broker


@pytest.fixture
def notifications_url(broker: Broker) -> str:
    return broker.new_address()


@pytest.fixture
def site(notifications_url: str, tmp_path: Path) -> Iterator[Site]:
    site = start_site(tmp_path / "data", NOTIFICATIONS_URL=notifications_url)
    yield site
    site.stop()


def wait_until(is_true: Callable[[], bool], *, site: Site) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, site.output
        time.sleep(0.2)


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


def test_consumer_runs_with_the_site_and_ends_with_it(site: Site) -> None:
    consumers = [line for line in processes_using(site.data) if "consume_notifications" in line]
    assert len(consumers) == 1

    assert site.stop() == 0

    assert [line for line in processes_using(site.data) if "consume_notifications" in line] == []
    assert "Traceback" not in site.output
