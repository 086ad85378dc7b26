"""The site's answers about a video per second, and its event streams, while 200 pages watch.

Through the front, as people's browsers ask. The reference is bare Django under the same server, asked
directly, which answers the same bytes from memory.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from e2e.engine import Engine
from e2e.stored_videos import add_video

from bench.asking import CLIENTS, Rate, ask_for_a_while
from bench.folders import work_folder
from bench.row import Row, median_row
from bench.servers import running_bare_django, running_site
from bench.visitors import Client, watching

PAGES = 200
WATCH_SECONDS = 10.0
ROUNDS = 3
LEAST_PER_SECOND = 300
MOST_POLL_MS = 20


@dataclass(frozen=True)
class Reading:
    """poll_ms: 95 of 100 polls took no longer."""

    answers: Rate
    poll_ms: float
    streams: Rate


def measure() -> list[Row]:
    ours: list[Reading] = []
    reference: list[Reading] = []
    with work_folder() as folder:
        for number in range(ROUNDS):
            answer = folder / "answer.json"
            ours.append(_read_site(folder / f"data-{number}", answer))
            with running_bare_django(answer) as bare:
                reference.append(_read(bare, "/video", "/events"))

    row = partial(median_row, ours=ours, reference=reference, beside="bare Django")
    watched = f"{PAGES} pages watching"
    return [
        row(
            f"a video asked for, {watched}",
            lambda reading: reading.answers.per_second,
            unit="1/s",
            limit=LEAST_PER_SECOND,
        ),
        row(f"a video's poll p95, {watched}", lambda reading: reading.poll_ms, unit="ms", limit=MOST_POLL_MS),
        row(
            "event streams of a video read to their end",
            lambda reading: reading.streams.per_second,
            unit="1/s",
            limit=LEAST_PER_SECOND,
        ),
    ]


def _read_site(data: Path, answer: Path) -> Reading:
    """The site's reading; what it answers is left in `answer` for the reference."""
    with running_site(data) as site:
        add_video(site, b"meow")
        path = f"/api/videos/{site.get_json('/api/videos')['items'][0]['id']}"
        answer.write_bytes(Client(site.url).ask(path))
        return _read(Engine(site.url, site.process.pid), path, f"{path}/events")


def _read(server: Engine, path: str, stream: str) -> Reading:
    streams = ask_for_a_while(server, [stream] * CLIENTS)
    with watching(server.address, [path] * PAGES, ()) as polls:
        time.sleep(WATCH_SECONDS)
        poll_ms = statistics.quantiles(polls, n=20)[-1] * 1000
        answers = ask_for_a_while(server, [path] * CLIENTS)
    return Reading(answers=answers, poll_ms=poll_ms, streams=streams)
