"""A site of several hosts, each a process on this machine, with a real RabbitMQ between them.

They share a state folder: how files reach a host without that is another matter.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from servers.processes import leash
from servers.rabbitmq import RabbitMQ, rabbitmq

from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.hosts.hosts import HostFacts
from cattube_worker.assemblies.model import Job
from cattube_worker.database import Database
from cattube_worker.settings import ROOM

from ..conftest import SECRET
from ..databases import database_url
from ..server.conftest import PATIENCE_SECONDS, Server, start, wait_until
from ..server.conftest import no_server_outlives_its_test as no_server_outlives_its_test

CELERY = [sys.executable, "-m", "celery", "-A", "cattube_worker.celery_app"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("cluster")


@pytest.fixture(scope="session")
def shared_broker() -> Iterator[RabbitMQ]:
    with rabbitmq() as broker:
        yield broker


@pytest.fixture
def broker(shared_broker: RabbitMQ) -> RabbitMQ:
    """The broker, without what the test before left in it."""
    for queue in ("cattube.work", "cattube.batch"):
        shared_broker.control("eval", f'catch rabbit_amqqueue:delete_with(<<"{queue}">>, false).')
    return shared_broker


@dataclass
class Worker:
    """A worker host."""

    process: subprocess.Popen[bytes]
    name: str
    log: Path

    def kill(self) -> None:
        """End it and all its programs, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE_SECONDS)

    def stop(self) -> int:
        """Ask it to leave, and say how it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)


@dataclass
class Site:
    """The hosts of one site. `door` is the one to which clients send; it leaves all work to the others."""

    folder: Path
    broker_url: str
    door: Server
    workers: list[Worker] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return Database(database_url(self.folder) or f"sqlite:///{self.folder / 'worker.sqlite3'}")

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
        worker = Worker(process, name, log)
        self.workers.append(worker)
        wait_until(lambda: self.is_present(name) or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        return worker

    @property
    def environment(self) -> dict[str, str]:
        return {
            "CATTUBE_DATA": str(self.folder),
            "WORKER_DATABASE_URL": database_url(self.folder),
            "TRANSLOADIT_KEY": "key",
            "TRANSLOADIT_SECRET": SECRET,
            "BROKER_URL": self.broker_url,
            "JOB_LEASE_SECONDS": "4",
        }

    def upload(self, body: bytes, steps: dict[str, Any]) -> dict[str, Any]:
        """An assembly whose file has arrived."""
        assembly = self.door.assembly(steps=steps)
        assert self.door.patch(self.door.open_upload(assembly, len(body), filename="cat.mp4"), body) == 204
        return assembly

    def status(self, assembly: dict[str, Any]) -> dict[str, Any]:
        return dict(self.door.get(f"/assemblies/{assembly['assembly_id']}"))

    def hosts(self) -> list[HostFacts]:
        database = self.database
        with database.read() as session:
            facts = hosts.hosts_of(session)
        database.close()
        return facts

    def is_present(self, name: str) -> bool:
        return any(host.name == name and host.is_present for host in self.hosts())

    def jobs(self, **filters: Any) -> list[Job]:
        database = self.database
        with database.read() as session:
            jobs = session.query(Job).filter_by(**filters).order_by(Job.created_at).all()
        database.close()
        return jobs

    def wait_until_runs(self, name: str, node: str) -> Job:
        """Wait until the worker runs a job of the node, and has got somewhere."""

        def running() -> list[Job]:
            jobs = self.jobs(node=node, state="running")
            return [job for job in jobs if (job.lease_owner or "").startswith(f"{name}:") and job.progress > 0]

        wait_until(running)
        return running()[0]

    def inspect(self, what: str) -> dict[str, Any]:
        """What `celery inspect` prints, by host."""
        done = subprocess.run(
            [*CELERY, "inspect", "--json", "--timeout", "10", what],
            cwd=ROOM,
            env={**os.environ, **self.environment, "HOST_NAME": f"asker-{uuid.uuid4().hex[:6]}"},
            capture_output=True,
            text=True,
            check=True,
        )
        return dict(json.loads(done.stdout))


@pytest.fixture
def site(tmp_path: Path, broker: RabbitMQ) -> Iterator[Site]:
    site = open_site(tmp_path, broker.url)
    yield site
    close(site)


def open_site(folder: Path, broker_url: str) -> Site:
    settings = {"BROKER_URL": broker_url, "HOST_NAME": "door", "JOB_THREADS": "0", "EARLY_ENCODES": "0"}
    return Site(folder, broker_url, start(folder, JOB_LEASE_SECONDS="4", **settings))


def close(site: Site) -> None:
    for worker in site.workers:
        if worker.process.poll() is None:
            worker.kill()
    if site.door.process.poll() is None:
        site.door.stop()
