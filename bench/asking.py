"""Answers per second to clients that ask without a pause, and what each costs the server."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from e2e.engine import Engine

from bench.processes import cpu_seconds
from bench.visitors import Client

CLIENTS = 4
SECONDS = 5.0


@dataclass(frozen=True)
class Rate:
    """cpu_ms: processor time of the server for an answer, with all that it did besides."""

    per_second: float
    cpu_ms: float


def ask_for_a_while(server: Engine, paths: Sequence[str]) -> Rate:
    """The rate at which a few clients get answers, each from one of the paths."""
    end = threading.Event()

    def ask(path: str) -> int:
        client, count = Client(server.address), 0
        while not end.is_set():
            client.ask(path)
            count += 1
        client.close()
        return count

    with ThreadPoolExecutor(CLIENTS) as pool:
        cpu_before, start = cpu_seconds(server.pid), time.perf_counter()
        clients = [pool.submit(ask, path) for path in paths[:CLIENTS]]
        time.sleep(SECONDS)
        end.set()
        answers = sum(client.result() for client in clients)
        seconds, cpu = time.perf_counter() - start, cpu_seconds(server.pid) - cpu_before
    return Rate(answers / seconds, 1000 * cpu / answers)
