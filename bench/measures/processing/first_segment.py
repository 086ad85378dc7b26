"""Watching before the upload ends: from the first byte to a playlist that has a segment, at 20 Mbit/s.

Beside it the same engine told to begin when it has the last byte.
"""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from e2e.engine import Engine

from bench.folders import work_folder
from bench.row import Row, row_beside
from bench.servers import running_engine
from bench.videos.publication import UNDER_WAY, cancel
from bench.videos.sending import send_index, send_slowly
from bench.videos.sources import busy_source

ROUNDS = 5
MBPS = 20
POLL_SECONDS = 0.05
MOST_OF_AFTER = 0.2


def measure() -> list[Row]:
    ours, reference = list[float](), list[float]()
    with work_folder() as folder:
        source = busy_source(folder)
        with (
            running_engine(folder / "ours") as engine,
            running_engine(folder / "after", EARLY_ENCODES="0") as engine_after,
        ):
            for _ in range(ROUNDS):
                ours.append(_seconds_to_first_segment(engine, source))
                reference.append(_seconds_to_first_segment(engine_after, source))
    return [
        row_beside(
            f"first byte to first segment: {MBPS} Mbit/s",
            statistics.median(ours),
            statistics.median(reference),
            factor=MOST_OF_AFTER,
            beside="starting after the upload",
        )
    ]


def _seconds_to_first_segment(engine: Engine, source: Path) -> float:
    status = engine.create_assembly({"template_id": "cattube"}, expected_files=1)
    address = engine.create_upload(status, source.name, source.stat().st_size)
    send_index(address, source)
    seconds = source.stat().st_size * 8 / MBPS / 1e6
    with ThreadPoolExecutor(1) as pool, httpx.Client() as client:
        start = time.perf_counter()
        sending = pool.submit(send_slowly, address, source, seconds=seconds)
        while not _has_segment(client, client.get(status["assembly_url"]).json()):
            time.sleep(POLL_SECONDS)
        waited = time.perf_counter() - start
        cancel(engine, status)
        with suppress(OSError, RuntimeError):  # The engine has hung up on what was still to come.
            sending.result()
    return waited


def _has_segment(client: httpx.Client, status: dict[str, Any]) -> bool:
    """Whether there is something to watch. Raises RuntimeError when there will not be."""
    if status.get("ok") not in UNDER_WAY:
        raise RuntimeError(f"the Assembly ended with {status.get('error') or status['ok']}, and never grew")
    url = status.get("growing_hls_url")
    return url is not None and "#EXTINF" in client.get(url).text
