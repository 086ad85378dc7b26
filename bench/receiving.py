"""Receiving by tus: our engine beside the official Node server, in turn, over loopback."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from e2e.engine import Engine

from bench.memory import memory_row
from bench.processes import cpu_seconds
from bench.publication import cancel
from bench.row import Row
from bench.sending import ONLY_RECEIVE, send
from bench.servers import running_engine, running_reference

MIB, GIB = 1 << 20, 1 << 30
ROUNDS = 5
WARM_UP_BYTES = 16 * MIB


@dataclass(frozen=True)
class Reading:
    megabytes_per_second: float
    cpu_seconds_per_gib: float


def measure() -> list[Row]:
    """Speed and cost with one and four streams, and the memory of the engine's worker at four times 1 GiB."""
    with tempfile.TemporaryDirectory(prefix="cattube-bench-") as name:
        folder = Path(name)
        body = folder / "body"
        _write_random(body, GIB)
        os.sync()
        rows = [row for streams in (1, 4) for row in _compare(folder, body, streams)]
        return [*rows, _memory(folder, body)]


def _compare(folder: Path, body: Path, streams: int) -> list[Row]:
    size_bytes = 512 * MIB // streams
    ours: list[Reading] = []
    reference: list[Reading] = []
    for _ in range(ROUNDS):
        with _empty(folder / "ours") as data, running_engine(data) as engine:
            _read_ours(engine, 1, body, WARM_UP_BYTES)
            ours.append(_read_ours(engine, streams, body, size_bytes))
        with _empty(folder / "theirs") as data, running_reference(data) as node:
            _read(node, _their_addresses(node, 1, WARM_UP_BYTES), body, WARM_UP_BYTES)
            reference.append(_read(node, _their_addresses(node, streams, size_bytes), body, size_bytes))
    speed = statistics.median(reading.megabytes_per_second for reading in reference)
    cost = statistics.median(reading.cpu_seconds_per_gib for reading in reference)
    label = f"{streams} stream{'s' if streams > 1 else ''}"
    return [
        Row(
            name=f"tus receive, {label}",
            ours=statistics.median(reading.megabytes_per_second for reading in ours),
            reference=speed,
            unit="MB/s",
            limit=2.5 * speed,
            bar="2.5 x the Node server",
            more_is_better=True,
        ),
        Row(
            name=f"tus receive CPU, {label}",
            ours=statistics.median(reading.cpu_seconds_per_gib for reading in ours),
            reference=cost,
            unit="s/GiB",
            limit=0.5 * cost,
            bar="0.5 x the Node server",
        ),
    ]


@contextmanager
def _empty(folder: Path) -> Iterator[Path]:
    """A folder that is gone afterwards: pages still to be written of an earlier round slow down the next."""
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def _memory(folder: Path, body: Path) -> Row:
    with _empty(folder / "memory") as data, running_engine(data) as engine:
        status = engine.create_assembly(ONLY_RECEIVE, expected_files=4)
        _read(engine, [engine.create_upload(status, f"{number}.bin", GIB) for number in range(4)], body, GIB)
        engine.wait_until_finished(status)
        return memory_row("4 x 1 GiB received", engine)


def _read_ours(engine: Engine, streams: int, body: Path, size_bytes: int) -> Reading:
    """One byte is never sent: what the engine does with a whole file is not receiving.

    It would begin with the first of several while the others still come.
    """
    status = engine.create_assembly(ONLY_RECEIVE, expected_files=streams)
    addresses = [engine.create_upload(status, f"{number}.bin", size_bytes + 1) for number in range(streams)]
    reading = _read(engine, addresses, body, size_bytes)
    cancel(engine, status)
    return reading


def _their_addresses(node: Engine, streams: int, size_bytes: int) -> list[str]:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size_bytes + 1)}
    answers = [httpx.post(f"{node.address}/files", headers=headers) for _ in range(streams)]
    return [answer.headers["Location"] for answer in answers]


def _read(server: Engine, addresses: list[str], body: Path, size_bytes: int) -> Reading:
    cpu, start = cpu_seconds(server.pid), time.perf_counter()
    with ThreadPoolExecutor(len(addresses)) as pool:
        list(pool.map(lambda address: send(address, body, size_bytes), addresses))
    seconds = time.perf_counter() - start
    total_bytes = size_bytes * len(addresses)
    return Reading(total_bytes / 1e6 / seconds, (cpu_seconds(server.pid) - cpu) / (total_bytes / GIB))


def _write_random(target: Path, size_bytes: int) -> None:
    block = os.urandom(MIB)
    with target.open("wb") as file:
        for _ in range(size_bytes // MIB):
            file.write(block)
