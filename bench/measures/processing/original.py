"""The whole site: from the last byte to the original playable for its owner.

A script uploads as docs/api.md says and asks for its video all the while. Nothing else on the machine does
the same; beside it stands the time in which bare ffmpeg finds the first picture of the file.
"""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from e2e.api_client import ApiClient, api_client
from e2e.engine import Engine
from e2e.site import Site

from bench.commands import timed
from bench.folders import work_folder
from bench.row import Row
from bench.servers import running_site
from bench.videos.publication import cancel
from bench.videos.sending import send_slowly
from bench.videos.sources import busy_source

# The site asks its engine once a second: uploads of unlike lengths end at unlike moments in between.
UPLOAD_SECONDS = (1.0, 1.2, 1.4, 1.6, 1.8)
POLL_SECONDS = 0.05
MOST_SECONDS = 0.7
FIRST_BYTES = {"Range": "bytes=0-65535"}


def measure() -> list[Row]:
    ours, reference = list[float](), list[float]()
    with work_folder() as folder:
        source = busy_source(folder)
        with running_site(folder / "data") as site:
            client = api_client(site)
            for seconds in UPLOAD_SECONDS:
                ours.append(_seconds_after_last_byte(site, client, source, upload_seconds=seconds))
                reference.append(_seconds_to_first_picture(source))
    return [
        Row(
            name="last byte to the original playable",
            ours=statistics.median(ours),
            reference=statistics.median(reference),
            unit="s",
            limit=MOST_SECONDS,
            bar=f"{MOST_SECONDS} s; beside a first picture by ffmpeg",
        )
    ]


def _seconds_after_last_byte(site: Site, api: ApiClient, source: Path, *, upload_seconds: float) -> float:
    made = api.call("POST", "/uploads", title=source.stem, size_bytes=source.stat().st_size)
    status, video = create_assembly(made["assembly"]), f"/videos/{made['video']['id']}"
    engine = Engine(made["assembly"]["service"], site.process.pid)
    address = engine.create_upload(status, source.name, source.stat().st_size)
    api.call("PATCH", video, assembly_id=status["assembly_id"])
    as_owner = {"Authorization": f"Bearer {api.token}"}
    with ThreadPoolExecutor(1) as pool, httpx.Client() as client:
        sending = pool.submit(send_slowly, address, source, seconds=upload_seconds)
        while not _plays(client, client.get(f"{site.url}/api{video}", headers=as_owner).json()):
            time.sleep(POLL_SECONDS)
        seconds = time.perf_counter() - sending.result()
    cancel(engine, status)
    return seconds


def _seconds_to_first_picture(source: Path) -> float:
    nowhere = ("-f", "null", "-")
    return timed("ffmpeg", "-nostdin", "-v", "error", "-i", source, "-frames:v", "1", *nowhere).seconds


def create_assembly(options: dict[str, Any]) -> dict[str, Any]:
    """The first status of the Assembly that a new upload's options allow."""
    form = {
        "params": options["params"],
        "signature": options["signature"],
        "num_expected_upload_files": "1",
    }
    status: dict[str, Any] = httpx.post(f"{options['service']}/assemblies", data=form).json()
    return status


def _plays(client: httpx.Client, video: dict[str, Any]) -> bool:
    """Whether a player gets bytes of the original. Raises RuntimeError when it will not."""
    if video["status"] == "failed":
        raise RuntimeError(f"the video failed: {video['error']}")
    if video["original"] is None:
        return False
    answer = client.get(video["original"]["url"], headers=FIRST_BYTES)
    return answer.status_code == 206 and len(answer.content) > 0
