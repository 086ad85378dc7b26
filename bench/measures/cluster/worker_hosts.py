"""A site of several hosts on this machine: an engine that leaves all work to others, and worker hosts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from e2e.engine import KEY, SECRET, Engine
from e2e.site import ROOT, clean_environment
from kombu.connection import Connection
from servers.brokers.rabbitmq import rabbitmq
from servers.processes import leash

from bench.servers import running_engine

_CELERY = [sys.executable, "-m", "celery", "-A", "cattube_worker.celery_app", "worker"]
_START_SECONDS = 120.0
# Settings of an engine that leaves all work to others.
LEAVES_WORK = {"HOST_NAME": "door", "JOB_THREADS": "0", "EARLY_ENCODES": "0"}


@dataclass
class WorkerHosts:
    """door: to which clients send. workers: processes of the worker hosts, with their state in `data`.

    settings: by which they find what all hosts share.
    """

    door: Engine
    data: Path
    settings: Mapping[str, str]
    held: ExitStack
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self, name: str, *, processor: int | None = None) -> None:
        """A worker host, for which there is that one processor alone, or all of them."""
        environment = clean_environment(
            CATTUBE_DATA=str(self.data),
            TRANSLOADIT_KEY=KEY,
            TRANSLOADIT_SECRET=SECRET,
            HOST_NAME=name,
            **self.settings,
        )
        pinned = [] if processor is None else ["taskset", "-c", str(processor)]
        log = self.data / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*leash(None), *pinned, *_CELERY],
                cwd=ROOT / "worker",
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.workers.append(process)
        self.held.callback(_stop, process)
        self._wait_until_there(process, name, log)

    def _wait_until_there(self, process: subprocess.Popen[bytes], name: str, log: Path) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not _takes_messages(name, self.settings["BROKER_URL"]):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"a worker host did not start: {log.read_text()[-2000:]}")
            time.sleep(0.1)


@contextmanager
def worker_hosts(data: Path) -> Iterator[WorkerHosts]:
    """A site without workers yet, all hosts on one state folder.

    Raises ServerUnavailable where there is no RabbitMQ.
    """
    with rabbitmq() as broker, ExitStack() as held:
        settings = {"BROKER_URL": broker.url, "SCRATCH": "folder"}
        door = held.enter_context(running_engine(data, **settings, **LEAVES_WORK))
        yield WorkerHosts(door, data, settings, held)


def _takes_messages(name: str, broker_url: str) -> bool:
    """True once the host is one of the site, and waits for messages."""
    with Connection(broker_url) as connection:
        try:
            queue = connection.default_channel.queue_declare(f"cattube.host.{name}", passive=True)
        except connection.channel_errors:
            return False
        return bool(queue.consumer_count)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
