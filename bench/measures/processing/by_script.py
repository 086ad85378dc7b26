"""A script that sends a file by its options and tells the site nothing: from its last byte to `ready`.

As anybody sees it who asks the site's API. The line is slow: the file comes in longer than it is encoded in,
so that little is left to do at the end. It is sent alone, and behind the ladder of a video before it.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import httpx
from e2e.api_client import ApiClient, BegunUpload, api_client
from servers.procfs import tree

from bench.commands import yardstick
from bench.folders import work_folder
from bench.measures.processing.arriving import SLOWER_THAN_BARE
from bench.row import Row
from bench.servers import running_site
from bench.videos.sending import send, send_slowly
from bench.videos.sources import busy_source, with_index_first

ROUNDS = 3
POLL_SECONDS = 0.05
ALONE, BEHIND = "alone", "behind a ladder"


def measure() -> list[Row]:
    bare, waits = list[float](), {ALONE: list[float](), BEHIND: list[float]()}
    with work_folder() as folder:
        source = with_index_first(busy_source(folder))
        with running_site(folder / "data") as site:
            script, idle = api_client(site), len(tree(site.process.pid))
            for _ in range(ROUNDS):
                bare.append(yardstick("fused.sh", source, folder / "bare").seconds)
                waits[ALONE].append(_send_slowly(script, source, seconds=bare[-1] * SLOWER_THAN_BARE))
                _delete_all(script, idle)
                _publish(script, source)
                waits[BEHIND].append(_send_slowly(script, source, seconds=bare[-1] * SLOWER_THAN_BARE))
                _delete_all(script, idle)
    return [_row(way, statistics.median(bare), seconds) for way, seconds in waits.items()]


def _send_slowly(script: ApiClient, source: Path, *, seconds: float) -> float:
    """Seconds from the last byte to `ready`."""
    upload = script.begin_upload(source)
    last_byte = send_slowly(upload.address, source, seconds=seconds)
    _wait_until_ready(script, upload)
    return time.perf_counter() - last_byte


def _publish(script: ApiClient, source: Path) -> None:
    """Have a video be ready, whose ladder is due from now on."""
    upload = script.begin_upload(source)
    send(upload.address, source)
    _wait_until_ready(script, upload)


def _wait_until_ready(script: ApiClient, upload: BegunUpload) -> None:
    # One client for all questions: making one costs more than a question.
    with httpx.Client(headers={"Authorization": f"Bearer {script.token}"}) as client:
        while True:
            video = client.get(f"{script.site.url}/api/videos/{upload.video_id}").json()
            if video["status"] == "ready":
                return
            if video["status"] == "failed":
                raise RuntimeError(f"the video failed: {video['error']}")
            time.sleep(POLL_SECONDS)


def _delete_all(script: ApiClient, idle: int) -> None:
    """Delete the videos, and return when nothing runs any more that was started for them."""
    for video in script.call("GET", "/videos")["items"]:
        script.call("DELETE", f"/videos/{video['id']}?permanent=true")
    while len(tree(script.site.process.pid)) > idle:
        time.sleep(POLL_SECONDS)


def _row(way: str, bare: float, seconds: list[float]) -> Row:
    return Row(
        name=f"last byte to ready: by script, slow line, {way}",
        ours=statistics.median(seconds),
        reference=bare,
        unit="s",
        limit=0.15 * bare + 0.3,
        bar="0.15 T_p + 0.3 s",
    )
