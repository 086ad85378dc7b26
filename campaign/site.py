"""A whole site of several hosts: the servers that they share, one ingest host and two worker hosts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from e2e.engine import KEY, SECRET, Engine
from e2e.site import free_port
from servers.postgres import postgres
from servers.rabbitmq import RabbitMQ, rabbitmq
from servers.swift import swift

from campaign.bucket import Bucket
from campaign.hosts import NOTHING_ODD, Ingest, Oddity, Worker
from campaign.link import Link
from campaign.receiver import Receiver, receiving
from campaign.rows import Rows
from campaign.small_disk import small_disk
from campaign.waiting import wait_for

WORKERS = ("fence", "roof")
START_SECONDS = 90.0
LEASE_SECONDS = 3
# Room of a worker host, where the disk of one can be made small.
_DISK_MB = 96
_SECRETS = {"ENGINE_SECRET": "of-all-engines-of-the-campaign", "TRANSLOADIT_SECRET": SECRET}


@dataclass
class Site:
    """The site and all that can be done to it. links: of the workers, by what they lead to."""

    folder: Path
    engine: Engine
    ingest: Ingest
    workers: dict[str, Worker]
    broker: RabbitMQ
    bucket: Bucket
    rows: Rows
    receiver: Receiver
    _started_at: dict[str, float] = field(default_factory=dict)

    @property
    def secrets(self) -> list[str]:
        """What must be in no log and no answer."""
        return [*_SECRETS.values(), self.bucket.server.secret]

    def start_worker(self, name: str, oddity: Oddity = NOTHING_ODD) -> None:
        """Start a worker host, and do not wait until it is there."""
        self._started_at[name] = self.rows.now()
        self.workers[name].start(oddity)

    def wait_for_worker(self, name: str) -> None:
        """Wait until the worker has joined the others. Raises WaitedInVain."""
        since, worker = self._started_at[name], self.workers[name]

        def is_there() -> bool:
            return name in self.rows.present_since(since) or not worker.runs

        wait_for(f"{name} among the hosts", is_there, seconds=START_SECONDS, poll_seconds=0.3)

    def start_ingest(self) -> None:
        """Start the ingest host, and wait until it answers. Raises WaitedInVain."""
        self.ingest.start()
        wait_for("answers of the ingest host", self._answers, seconds=START_SECONDS)

    def heal(self) -> None:
        """Have all be as it should: hosts that ended are started, networks pass, disks are empty."""
        for name, worker in self.workers.items():
            worker.heal()
            (worker.folder / "ballast").unlink(missing_ok=True)
            if worker.is_odd:
                worker.stop()
            if not worker.runs:
                self.start_worker(name)
        if not self.ingest.runs:
            self.start_ingest()
        for name in self.workers:
            self.wait_for_worker(name)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.engine.address}/healthz").status_code < 600
        except httpx.TransportError:
            return False


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """A site with its state below `folder`. Raises ServerUnavailable, WaitedInVain."""
    with ExitStack() as held:
        database_url = held.enter_context(postgres())
        broker = held.enter_context(rabbitmq())
        server = held.enter_context(swift(folder / "bucket"))
        bucket = Bucket(server, server.make_bucket())
        receiver = held.enter_context(receiving())
        rows = Rows(database_url)
        held.callback(rows.close)
        port = free_port()
        door = _link(held, port)
        shared = {
            **_SECRETS,
            "TRANSLOADIT_KEY": KEY,
            "SCRATCH": "bucket",
            "BUCKET_NAME": bucket.name,
            "B2_APPLICATION_KEY_ID": server.key_id,
            "B2_APPLICATION_KEY": server.secret,
            "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
            "PART_SECONDS": "1",
            "MIN_FREE_BYTES": str(2**20),
        }
        direct = {
            "WORKER_DATABASE_URL": database_url,
            "BROKER_URL": broker.url,
            "B2_ENDPOINT_URL": server.endpoint_url,
        }
        ingest = Ingest(
            "ingest", folder / "ingest", {**shared, **direct, **_own(folder, "ingest", port, door)}
        )
        held.callback(ingest.kill)
        workers = {name: _worker(held, folder, name, {**shared, **direct}, door) for name in WORKERS}
        engine = Engine(f"http://127.0.0.1:{port}", 0)
        site = Site(folder, engine, ingest, workers, broker, bucket, rows, receiver)
        site.start_ingest()
        site.heal()
        yield site


def _own(folder: Path, name: str, port: int, door: Link) -> dict[str, str]:
    return {
        "HOST_NAME": name,
        "CATTUBE_DATA": str(folder / name),
        "WORKER_PORT": str(port),
        "INTERNAL_URL": f"http://127.0.0.1:{door.port}",
        "JOB_THREADS": "0",
        "EARLY_ENCODES": "0",
    }


def _worker(held: ExitStack, folder: Path, name: str, settings: dict[str, str], door: Link) -> Worker:
    """A worker host that has ways of its own, and does not run yet."""
    ways = {"database": "WORKER_DATABASE_URL", "broker": "BROKER_URL", "bucket": "B2_ENDPOINT_URL"}
    links = {"ingest": door}
    for way, setting in ways.items():
        port = httpx.URL(settings[setting]).port or 0
        links[way] = _link(held, port)
        settings[setting] = links[way].through(settings[setting])
    held.enter_context(small_disk(folder / name, size_mb=_DISK_MB))
    own = {"HOST_NAME": name, "CATTUBE_DATA": str(folder / name)}
    worker = Worker(name, folder / name, {**settings, **own}, links)
    held.callback(worker.kill)
    return worker


def _link(held: ExitStack, port: int) -> Link:
    link = Link(port)
    held.callback(link.close)
    return link
