"""The template on one machine, by a Celery worker beside the engine: from its Assembly to its end.

Beside it the engine alone, whose own threads run the jobs. Both are there all the while, and work in turn.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from e2e.engine import Engine

from bench.folders import work_folder
from bench.measures.cluster.worker_hosts import LEAVES_WORK, worker_hosts
from bench.row import Row, row_beside
from bench.servers import running_engine
from bench.videos.assemblies import run_assembly
from bench.videos.sources import busy_source

ROUNDS = 5
FACTOR = 1.03


def measure() -> list[Row]:
    by_celery, by_threads = list[float](), list[float]()
    with work_folder() as folder:
        source = busy_source(folder)
        with (
            running_engine(folder / "alone", EARLY_ENCODES=LEAVES_WORK["EARLY_ENCODES"]) as alone,
            worker_hosts(folder / "data") as hosts,
        ):
            hosts.start_worker("worker")
            for number in range(ROUNDS):
                sides = [(by_celery, hosts.door), (by_threads, alone)]
                # Whoever comes second finds the source in the machine's memory.
                for seconds, engine in sides[:: 1 if number % 2 else -1]:
                    seconds.append(_seconds(engine, source))
    return [
        row_beside(
            "the whole template by Celery, one machine",
            statistics.median(by_celery),
            statistics.median(by_threads),
            factor=FACTOR,
            beside="the engine's own threads",
        )
    ]


def _seconds(engine: Engine, source: Path) -> float:
    """From the Assembly's beginning until all its results are stored."""
    began = time.perf_counter()
    run_assembly(engine, {"template_id": "cattube"}, source)
    return time.perf_counter() - began
