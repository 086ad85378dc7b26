"""A site of several hosts, each a process on this machine, with a real RabbitMQ between them.

They share a state folder: how files reach a host without that is another matter.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from servers.brokers.rabbitmq import RabbitMQ, rabbitmq
from servers.processes import leash

from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.model import Job
from cattube_worker.database import Database
from cattube_worker.settings import ROOM

from ..conftest import SECRET
from ..databases import database_url
from ..server.conftest import PATIENCE_SECONDS, start, wait_until

# Short, for tests wait for the end of leases.
LEASE_SECONDS = 4
CELERY = [sys.executable, "-m", "celery", "-A", "cattube_worker.celery_app"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("cluster")


@dataclass
class Worker:
    """A worker host."""

    process: subprocess.Popen[bytes]
    name: str

    def kill(self) -> None:
        """End it and all its programs, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE_SECONDS)

    def stop(self) -> int:
        """Ask it to leave, and say how it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)


class Site:
    """The hosts of one site. `door` is the one to which clients send; it leaves all work to the others."""

    def __init__(self, folder: Path, broker_url: str) -> None:
        self.folder = folder
        url = database_url(folder)
        self.environment = {
            "CATTUBE_DATA": str(folder),
            "WORKER_DATABASE_URL": url,
            "TRANSLOADIT_KEY": "key",
            "TRANSLOADIT_SECRET": SECRET,
            "BROKER_URL": broker_url,
            "SCRATCH": "folder",
            "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        }
        alone: dict[str, Any] = {"HOST_NAME": "door", "JOB_THREADS": "0", "EARLY_ENCODES": "0"}
        self.door = start(folder, **{**self.environment, **alone})
        self.database = Database(url or f"sqlite:///{folder / 'worker.sqlite3'}")
        self.workers: list[Worker] = []

    def start_worker(self, name: str, **settings: str) -> Worker:
        """A worker host that has joined the others."""
        log = self.folder / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*leash(None), *CELERY, "worker"],
                cwd=ROOM,
                env={**os.environ, **self.environment, "HOST_NAME": name, **settings},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.workers.append(Worker(process, name))
        wait_until(lambda: self.is_present(name) or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        return self.workers[-1]

    def upload(self, body: bytes, steps: dict[str, Any]) -> dict[str, Any]:
        """An assembly whose file has arrived."""
        assembly = self.door.assembly(steps=steps)
        assert self.door.patch(self.door.open_upload(assembly, len(body), filename="cat.mp4"), body) == 204
        return assembly

    def is_present(self, name: str) -> bool:
        with self.database.read() as session:
            return any(host.name == name and host.is_present for host in hosts.hosts_of(session))

    def job(self, assembly: dict[str, Any], node: str) -> Job | None:
        with self.database.read() as session:
            return session.query(Job).filter_by(assembly_id=assembly["assembly_id"], node=node).one_or_none()

    def wait_until_runs(self, worker: Worker, assembly: dict[str, Any], node: str) -> None:
        """Wait until the worker runs the job, and has got somewhere."""

        def runs() -> bool:
            job = self.job(assembly, node)
            return job is not None and str(job.lease_owner).startswith(f"{worker.name}:") and job.progress > 0

        wait_until(runs)

    def inspect(self, worker: Worker, what: str) -> list[dict[str, Any]]:
        """What `celery inspect` tells of the worker."""
        name = f"celery@{worker.name}"
        done = subprocess.run(
            [*CELERY, "inspect", "--json", "--timeout", "30", "--destination", name, what],
            cwd=ROOM,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return list(json.loads(done.stdout)[name])

    def dismiss_workers(self) -> None:
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.kill()
        self.workers.clear()

    def close(self) -> None:
        self.dismiss_workers()
        self.database.close()
        if self.door.process.poll() is None:
            self.door.stop()


@pytest.fixture(scope="session")
def broker() -> Iterator[RabbitMQ]:
    with rabbitmq() as broker:
        yield broker


@pytest.fixture(scope="module")
def whole_site(tmp_path_factory: pytest.TempPathFactory, broker: RabbitMQ) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"), broker.url)
    yield site
    site.close()


@pytest.fixture
def site(whole_site: Site) -> Iterator[Site]:
    """The site, to which each test brings its own worker hosts."""
    yield whole_site
    whole_site.dismiss_workers()
