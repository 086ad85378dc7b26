"""Receiving by tus: our engine beside the official servers in Node and in Go, in turn, over loopback.

Straight to each server: ours stands behind its front elsewhere (`slow_uploads.py`).
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import httpx
from e2e.engine import Engine

from bench.folders import work_folder
from bench.measures.transfer.memory import memory_row
from bench.processes import cpu_seconds
from bench.row import Row, row_beside
from bench.servers import TUSD, running_engine, running_node, running_tusd
from bench.videos.publication import cancel
from bench.videos.sending import ONLY_RECEIVE, send

MIB, GIB = 1 << 20, 1 << 30
ROUNDS = 5
WARM_UP_BYTES = 16 * MIB


@dataclass(frozen=True)
class Reading:
    megabytes_per_second: float
    cpu_seconds_per_gib: float


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A server beside ours. faster: how many times its speed ours should have; cost: its CPU, at most."""

    name: str
    start: Callable[[Path], AbstractContextManager[Engine]]
    faster: float
    cost: float


NODE = Peer(name="Node", start=running_node, faster=2.5, cost=0.5)
GO = Peer(name="tusd", start=running_tusd, faster=1.2, cost=1.0)


def measure() -> list[Row]:
    """Speed and cost with one and four streams, and the memory of the engine's worker at four times 1 GiB."""
    with work_folder() as folder:
        body = folder / "body"
        _write_random(body, GIB)
        os.sync()
        peers = peers_here()
        rows = [row for streams in (1, 4) for row in _compare(folder, body, streams, peers)]
        return [*rows, _memory(folder, body)]


def peers_here() -> list[Peer]:
    """The servers that can be measured on this machine."""
    if TUSD.exists():
        return [NODE, GO]
    print("No tusd here, which `make bench` builds where Go is: its rows are left out.", file=sys.stderr)
    return [NODE]


def _compare(folder: Path, body: Path, streams: int, peers: Sequence[Peer]) -> list[Row]:
    size_bytes = 512 * MIB // streams
    ours: list[Reading] = []
    theirs: dict[str, list[Reading]] = {peer.name: [] for peer in peers}
    for _ in range(ROUNDS):
        with _empty(folder / "ours") as data, running_engine(data) as engine:
            _read_ours(engine, 1, body, WARM_UP_BYTES)
            ours.append(_read_ours(engine, streams, body, size_bytes))
        for peer in peers:
            with _empty(folder / "theirs") as data, peer.start(data) as server:
                _read_theirs(server, 1, body, WARM_UP_BYTES)
                theirs[peer.name].append(_read_theirs(server, streams, body, size_bytes))
    label = f"{streams} stream{'s' if streams > 1 else ''}"
    rows = [rows_beside(peer, label, _median(ours), _median(theirs[peer.name])) for peer in peers]
    return list(chain.from_iterable(rows))


def rows_beside(peer: Peer, label: str, ours: Reading, theirs: Reading) -> list[Row]:
    """Speed and cost of receiving, each beside that of one other server."""
    return [
        row_beside(
            f"tus receive, {label}, beside {peer.name}",
            ours.megabytes_per_second,
            theirs.megabytes_per_second,
            factor=peer.faster,
            beside=peer.name,
            unit="MB/s",
            more_is_better=True,
        ),
        row_beside(
            f"tus receive CPU, {label}, beside {peer.name}",
            ours.cpu_seconds_per_gib,
            theirs.cpu_seconds_per_gib,
            factor=peer.cost,
            beside=peer.name,
            unit="s/GiB",
        ),
    ]


def _median(readings: Sequence[Reading]) -> Reading:
    return Reading(
        statistics.median(reading.megabytes_per_second for reading in readings),
        statistics.median(reading.cpu_seconds_per_gib for reading in readings),
    )


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


def _read_theirs(server: Engine, streams: int, body: Path, size_bytes: int) -> Reading:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size_bytes + 1)}
    answers = [httpx.post(f"{server.address}/files", headers=headers) for _ in range(streams)]
    return _read(server, [answer.headers["Location"] for answer in answers], body, size_bytes)


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
