"""Answering: assemblies created and statuses read per second, while 200 pages watch.

The reference is a bare Flask application under the same server that answers the same bytes from memory, with
all pages polling.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from e2e.engine import Engine, signed_form

from bench.row import Row
from bench.sending import ONLY_RECEIVE
from bench.servers import running_bare, running_engine
from bench.visitors import Client, watching

PAGES = 200
CLIENTS = 4
CREATED = 400
READ_SECONDS = 5.0
WATCH_SECONDS = 10.0
ROUNDS = 5


@dataclass(frozen=True)
class Reading:
    """created, read: per second. poll_ms: 95 of 100 polls took no longer."""

    created: float
    read: float
    poll_ms: float


def measure() -> list[Row]:
    ours: list[Reading] = []
    reference: list[Reading] = []
    with tempfile.TemporaryDirectory(prefix="cattube-bench-") as name:
        for number in range(ROUNDS):
            answer = Path(name) / "answer.json"
            with running_engine(Path(name) / f"data-{number}") as engine:
                ours.append(_read_engine(engine, answer))
            with running_bare(answer) as bare:
                reference.append(_read_bare(bare))
    watched = f"{PAGES} pages watching"
    return [
        _row("assemblies created", ours, reference, figure="created", limit=4.2, bar="250 a minute"),
        _row(f"statuses read, {watched}", ours, reference, figure="read", limit=100, bar="100 a second"),
        _row(f"status poll p95, {watched}", ours, reference, figure="poll_ms", limit=100, bar="100 ms"),
    ]


def _row(
    name: str, ours: Sequence[Reading], reference: Sequence[Reading], *, figure: str, limit: float, bar: str
) -> Row:
    our_median, their_median = (
        statistics.median(getattr(reading, figure) for reading in readings) for readings in (ours, reference)
    )
    is_time = figure == "poll_ms"
    return Row(
        name=name,
        ours=our_median,
        reference=their_median,
        unit="ms" if is_time else "1/s",
        limit=limit,
        bar=f"{bar}; beside bare Flask",
        more_is_better=not is_time,
    )


def _read_engine(engine: Engine, answer: Path) -> Reading:
    """The engine's reading; what it answers to a creation is left in `answer` for the reference."""
    created, bodies = _create(engine)
    answer.write_bytes(bodies[0])
    ids = [json.loads(body)["assembly_id"] for body in bodies[:PAGES]]
    paths = [f"/assemblies/{each}" for each in ids]
    return _watch(engine, created, paths, [f"/events?assembly={each}" for each in ids])


def _read_bare(bare: Engine) -> Reading:
    created, _ = _create(bare)
    return _watch(bare, created, [f"/assemblies/{number}" for number in range(PAGES)], ())


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


def _watch(server: Engine, created: float, paths: Sequence[str], streams: Sequence[str]) -> Reading:
    with watching(server.address, paths, streams) as polls:
        time.sleep(WATCH_SECONDS)
        poll_ms = statistics.quantiles(polls, n=20)[-1] * 1000
        read = _read_for_a_while(server, paths)
    return Reading(created, read, poll_ms)


def _read_for_a_while(server: Engine, paths: Sequence[str]) -> float:
    """Statuses read per second by clients that ask without a pause."""
    end = threading.Event()

    def read(path: str) -> int:
        client, count = Client(server.address), 0
        while not end.is_set():
            client.ask(path)
            count += 1
        client.close()
        return count

    with ThreadPoolExecutor(CLIENTS) as pool:
        readers = [pool.submit(read, path) for path in paths[:CLIENTS]]
        time.sleep(READ_SECONDS)
        end.set()
        return sum(reader.result() for reader in readers) / READ_SECONDS
