"""One page's status calls while sixty slow uploads are open.

The reference is a bare Flask application under the same server and the same uploads, which reads their bytes
and forgets them.
"""

from __future__ import annotations

import socket
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from e2e.engine import Engine

from bench.folders import work_folder
from bench.row import Row
from bench.servers import running_bare, running_engine
from bench.videos.sending import ONLY_RECEIVE, open_patch
from bench.visitors import Client

UPLOADS = 60
SIZE_BYTES = 2**26
BLOCK = bytes(8192)
BLOCK_EVERY_SECONDS = 0.1  # 0.65 Mbit/s each
CALLS = 500
CALL_EVERY_SECONDS = 0.02
ROUNDS = 5
MOST_MS = 10


def measure() -> list[Row]:
    ours, reference = list[float](), list[float]()
    with work_folder() as folder:
        answer = folder / "answer.json"
        for number in range(ROUNDS):
            with running_engine(folder / f"data-{number}") as engine:
                ours.append(_read_engine(engine, answer))
            with running_bare(answer) as bare:
                addresses = [f"{bare.address}/files/{upload}" for upload in range(UPLOADS)]
                reference.append(_p95_ms(bare, "/assemblies/any", addresses))
    return [
        Row(
            name=f"status call p95, {UPLOADS} slow uploads open",
            ours=statistics.median(ours),
            reference=statistics.median(reference),
            unit="ms",
            limit=MOST_MS,
            bar=f"{MOST_MS} ms; beside bare Flask",
        )
    ]


def _read_engine(engine: Engine, answer: Path) -> float:
    """The engine's p95 in milliseconds; what it answers is left in `answer` for the reference."""
    statuses = [engine.create_assembly(ONLY_RECEIVE, expected_files=1) for _ in range(UPLOADS)]
    addresses = [engine.create_upload(status, "cat.bin", SIZE_BYTES) for status in statuses]
    answer.write_bytes(httpx.get(statuses[0]["assembly_url"]).raise_for_status().content)
    return _p95_ms(engine, f"/assemblies/{statuses[0]['assembly_id']}", addresses)


def _p95_ms(server: Engine, path: str, addresses: Sequence[str]) -> float:
    client, seconds = Client(server.address), list[float]()
    with _uploading(addresses):
        for _ in range(CALLS):
            start = time.perf_counter()
            client.ask(path)
            seconds.append(time.perf_counter() - start)
            time.sleep(CALL_EVERY_SECONDS)
    client.close()
    return statistics.quantiles(seconds, n=20)[-1] * 1000


@contextmanager
def _uploading(addresses: Sequence[str]) -> Iterator[None]:
    """Uploads that go on slowly until the block ends, and then break off."""
    connections = [open_patch(address, SIZE_BYTES) for address in addresses]
    stop = threading.Event()
    sender = threading.Thread(target=_feed, args=(connections, stop))
    sender.start()
    try:
        yield
    finally:
        stop.set()
        sender.join()
        for connection in connections:
            connection.close()


def _feed(connections: Sequence[socket.socket], stop: threading.Event) -> None:
    while not stop.wait(BLOCK_EVERY_SECONDS):
        for connection in connections:
            connection.sendall(BLOCK)
