"""A worker host that has little to do: its memory, and how soon it begins with a job of another host."""

from __future__ import annotations

import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path

from bench.folders import work_folder
from bench.measures.cluster.worker_hosts import WorkerHosts, worker_hosts
from bench.processes import pss_mb
from bench.row import Row, row_alone
from bench.videos.sending import send

# So quick that the next one finds the worker free.
STEPS = {
    ":original": {"robot": "/upload/handle"},
    "hashed": {"robot": "/file/hash", "use": ":original", "result": True},
}
JOBS = 100
SECONDS_TO_SETTLE = 5
MOST_MB, MOST_MEDIAN_MS, MOST_P95_MS = 150, 50, 200
STATE = "SELECT created_at FROM jobs WHERE assembly_id = ? AND node = 'hashed' AND state <> 'waiting'"


def measure() -> list[Row]:
    with work_folder() as folder:
        source = folder / "cat.txt"
        source.write_bytes(b"meow")
        with worker_hosts(folder / "data") as hosts:
            hosts.start_worker("worker", processor=0)
            time.sleep(SECONDS_TO_SETTLE)
            idle = pss_mb(hosts.workers[0].pid)
            delays = [_start_delay_ms(hosts, source) for _ in range(JOBS)]
    median, p95 = statistics.median(delays), statistics.quantiles(delays, n=20)[-1]
    return [
        row_alone("idle memory of a worker host", idle, most=MOST_MB, unit="MB"),
        row_alone("start of a job elsewhere, median", median, most=MOST_MEDIAN_MS, unit="ms"),
        row_alone("start of a job elsewhere, p95", p95, most=MOST_P95_MS, unit="ms"),
    ]


def _start_delay_ms(hosts: WorkerHosts, source: Path) -> float:
    """From when a job is in the database until the worker host has begun with it."""
    status = hosts.door.create_assembly({"steps": STEPS}, expected_files=1)
    send(hosts.door.create_upload(status, source.name, source.stat().st_size), source)
    with closing(sqlite3.connect(hosts.data / "worker.sqlite3", timeout=30)) as database:
        while (row := database.execute(STATE, [status["assembly_id"]]).fetchone()) is None:
            time.sleep(0.001)
    delay_seconds: float = time.time() - row[0]
    hosts.door.wait_until_finished(status)
    return 1000 * delay_seconds
