"""Answering: assemblies created, statuses and events read per second, while 200 pages watch.

The reference is a bare Flask application under the same server that answers the same bytes from memory, with
all pages polling.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from e2e.engine import Engine, signed_form

from bench.asking import CLIENTS, Rate, ask_for_a_while
from bench.folders import work_folder
from bench.row import Row, median_row
from bench.servers import running_bare, running_engine
from bench.videos.sending import ONLY_RECEIVE
from bench.visitors import Client, watching

PAGES = 200
CREATED = 400
WATCH_SECONDS = 10.0
ROUNDS = 5


@dataclass(frozen=True)
class Reading:
    """created: per second. poll_ms: 95 of 100 polls took no longer. events: streams read to their end."""

    created: float
    statuses: Rate
    poll_ms: float
    events: Rate


def measure() -> list[Row]:
    ours: list[Reading] = []
    reference: list[Reading] = []
    with work_folder() as folder:
        for number in range(ROUNDS):
            answer = folder / "answer.json"
            with running_engine(folder / f"data-{number}") as engine:
                ours.append(_read_engine(engine, answer))
            with running_bare(answer) as bare:
                reference.append(_read_bare(bare))

    row = partial(median_row, ours=ours, reference=reference, beside="bare Flask")
    watched = f"{PAGES} pages watching"
    return [
        row("assemblies created", lambda reading: reading.created, unit="1/s", limit=50),
        row(f"statuses read, {watched}", lambda reading: reading.statuses.per_second, unit="1/s", limit=400),
        row(
            f"processor time of a status, {watched}",
            lambda reading: reading.statuses.cpu_ms,
            unit="ms",
            limit=1.5,
        ),
        row(f"status poll p95, {watched}", lambda reading: reading.poll_ms, unit="ms", limit=20),
        row(
            "event streams read to their end",
            lambda reading: reading.events.per_second,
            unit="1/s",
            limit=300,
        ),
    ]


def _read_engine(engine: Engine, answer: Path) -> Reading:
    """The engine's reading; what it answers to a creation is left in `answer` for the reference."""
    created, bodies = _create(engine)
    answer.write_bytes(bodies[0])
    ids = [_id_in(body) for body in bodies[:PAGES]]
    paths = [f"/assemblies/{each}" for each in ids]
    ended = engine.create_assembly(ONLY_RECEIVE, expected_files=0)["assembly_id"]
    streams = [f"/events?assembly={each}" for each in ids]
    return _watch(engine, created, paths, streams, ended=f"/events?assembly={ended}")


def _read_bare(bare: Engine) -> Reading:
    created, _ = _create(bare)
    paths = [f"/assemblies/{number}" for number in range(PAGES)]
    return _watch(bare, created, paths, (), ended="/events")


def _id_in(body: bytes) -> str:
    return str(json.loads(body)["assembly_id"])


def _create(server: Engine) -> tuple[float, list[bytes]]:
    """Assemblies created per second, by a few clients at a time, and the answers."""
    forms = [urlencode(signed_form(ONLY_RECEIVE, expected_files=1)) for _ in range(CREATED)]

    def send(share: Sequence[str]) -> list[bytes]:
        client = Client(server.address)
        try:
            return [client.ask("/assemblies", form) for form in share]
        finally:
            client.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        start = time.perf_counter()
        answers = list(pool.map(send, [forms[number::CLIENTS] for number in range(CLIENTS)]))
        seconds = time.perf_counter() - start
    return CREATED / seconds, [body for share in answers for body in share]


def _watch(
    server: Engine, created: float, paths: Sequence[str], streams: Sequence[str], *, ended: str
) -> Reading:
    """The reading. ended: address of a stream that ends at once."""
    # First: of pages that have gone, some streams are still open.
    events = ask_for_a_while(server, [ended] * CLIENTS)
    with watching(server.address, paths, streams) as polls:
        time.sleep(WATCH_SECONDS)
        poll_ms = statistics.quantiles(polls, n=20)[-1] * 1000
        statuses = ask_for_a_while(server, paths)
    return Reading(created=created, statuses=statuses, poll_ms=poll_ms, events=events)
