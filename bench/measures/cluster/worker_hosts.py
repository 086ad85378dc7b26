"""A site of several hosts on this machine: an engine that leaves all work to others, and pinned workers."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from e2e.engine import KEY, SECRET, Engine
from e2e.site import ROOT, clean_environment
from servers.processes import leash
from servers.rabbitmq import rabbitmq

from bench.servers import running_engine

_CELERY = [sys.executable, "-m", "celery", "-A", "cattube_worker.celery_app", "worker"]
_START_SECONDS = 120.0


@dataclass
class WorkerHosts:
    """door: to which clients send. workers: processes of the worker hosts, which share its state folder."""

    door: Engine
    data: Path
    broker_url: str
    held: ExitStack
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self, name: str, *, processor: int, **settings: str) -> None:
        """A worker host that has that one processor to itself."""
        environment = clean_environment(
            CATTUBE_DATA=str(self.data),
            TRANSLOADIT_KEY=KEY,
            TRANSLOADIT_SECRET=SECRET,
            BROKER_URL=self.broker_url,
            SCRATCH="folder",
            HOST_NAME=name,
            **settings,
        )
        argv = ["taskset", "-c", str(processor), *_CELERY]
        log = self.data / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*leash(None), *argv],
                cwd=ROOT / "worker",
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.workers.append(process)
        self.held.callback(_stop, process)
        _wait_until_there(process, name, self.data, log)


@contextmanager
def worker_hosts(data: Path) -> Iterator[WorkerHosts]:
    """A site without workers yet. Raises ServerUnavailable where there is no RabbitMQ."""
    with rabbitmq() as broker, ExitStack() as held:
        alone = {"HOST_NAME": "door", "JOB_THREADS": "0", "EARLY_ENCODES": "0"}
        door = held.enter_context(running_engine(data, BROKER_URL=broker.url, **alone))
        yield WorkerHosts(door, data, broker.url, held)


def _wait_until_there(process: subprocess.Popen[bytes], name: str, data: Path, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not _is_there(name, data):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"a worker host did not start: {log.read_text()[-2000:]}")
        time.sleep(0.1)


def _is_there(name: str, data: Path) -> bool:
    """True once the host has a row in the database of the site."""
    with closing(sqlite3.connect(data / "worker.sqlite3", timeout=30)) as database:
        return database.execute("SELECT 1 FROM hosts WHERE name = ?", [name]).fetchone() is not None


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
