"""A long video on two worker hosts, beside one: how much sooner it is done, and what the parts cost.

Each worker has one processor to itself. On a machine that does other things meanwhile, the time on the wall
says little; the processors' time does.
"""

from __future__ import annotations

import time
from pathlib import Path

from bench.commands import Spent
from bench.folders import work_folder
from bench.measures.cluster.worker_hosts import WorkerHosts, worker_hosts
from bench.processes import adopting, cpu_seconds
from bench.row import Row, row_beside
from bench.videos.assemblies import run_assembly
from bench.videos.sources import long_source

STEPS = {
    ":original": {"robot": "/upload/handle"},
    "video": {"robot": "/video/encode", "use": ":original", "preset": "dash/1080p-video"},
}
SECONDS = 300
SHARE, FACTOR = 0.60, 1.05


def measure() -> list[Row]:
    with work_folder() as folder:
        source = long_source(folder, seconds=SECONDS)
        alone, together = (_spent(folder / f"data-{workers}", source, workers=workers) for workers in (1, 2))
    return [
        row_beside(
            "long video on two workers", together.seconds, alone.seconds, factor=SHARE, beside="one worker"
        ),
        row_beside(
            "long video in parts, CPU",
            together.cpu_seconds,
            alone.cpu_seconds,
            factor=FACTOR,
            beside="one encode",
        ),
    ]


def _spent(data: Path, source: Path, *, workers: int) -> Spent:
    """Time from the last byte of the upload to the result, and what the workers spent on it."""
    with worker_hosts(data) as hosts:
        for number in range(workers):
            hosts.start_worker(f"worker-{number}", processor=number)
        # Once all are there: what comes later is waited for.
        with adopting() as adopted_cpu_seconds:
            before = _cpu_seconds(hosts)
            start = run_assembly(hosts.door, {"steps": STEPS}, source)
            seconds = time.perf_counter() - start
            return Spent(seconds, _cpu_seconds(hosts) - before + adopted_cpu_seconds())


def _cpu_seconds(hosts: WorkerHosts) -> float:
    return sum(cpu_seconds(worker.pid) for worker in hosts.workers)
