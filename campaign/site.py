"""A whole site of several hosts: the servers that they share, one ingest host and two worker hosts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from e2e.engine import Engine
from servers.processes import free_port
from servers.relay import Relay

from campaign.bucket import Bucket
from campaign.hosts import NOTHING_ODD, Host, Ingest, Oddity, Worker
from campaign.receiver import Receiver, receiving
from campaign.rows import Rows
from campaign.shared_servers import SharedServers, shared_servers
from campaign.small_disk import small_disk
from campaign.waiting import wait_for

WORKERS = ("fence", "roof")
START_SECONDS = 90.0
_START_POLL_SECONDS = 0.3
# Of a worker host, so that it is soon full.
_DISK_MB = 96
# Ways of a worker host that can be cut, by the setting that leads there.
_WAYS = {"database": "WORKER_DATABASE_URL", "broker": "BROKER_URL", "bucket": "B2_ENDPOINT_URL"}


@dataclass
class Site:
    """The site and all that can be done to it. links: of the workers, by what they lead to."""

    folder: Path
    engine: Engine
    servers: SharedServers
    ingest: Ingest
    workers: dict[str, Worker]
    rows: Rows
    receiver: Receiver
    _started_at: dict[str, float] = field(default_factory=dict)

    @property
    def hosts(self) -> list[Host]:
        return [self.ingest, *self.workers.values()]

    @property
    def bucket(self) -> Bucket:
        return self.servers.bucket

    def start_worker(self, name: str, oddity: Oddity = NOTHING_ODD) -> None:
        """Start a worker host, and do not wait until it is there."""
        self._started_at[name] = self.rows.now()
        self.workers[name].start(oddity)

    def wait_for_worker(self, name: str) -> None:
        """Wait until the worker has joined the others. Raises WaitedInVain."""
        since, worker = self._started_at[name], self.workers[name]

        def is_there() -> bool:
            return name in self.rows.present_since(since) or not worker.runs

        wait_for(f"{name} among the hosts", is_there, seconds=START_SECONDS, poll_seconds=_START_POLL_SECONDS)

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
        servers = held.enter_context(shared_servers(folder))
        receiver = held.enter_context(receiving())
        rows = held.enter_context(closing(Rows(servers.database_url)))
        port = free_port()
        door = held.enter_context(closing(Relay(port)))
        ingest = Ingest("ingest", folder / "ingest", {**servers.settings, **_ingest_settings(port, door)})
        held.callback(ingest.kill)
        workers = {name: _worker(held, folder / name, servers.settings, door) for name in WORKERS}
        site = Site(folder, Engine(f"http://127.0.0.1:{port}", 0), servers, ingest, workers, rows, receiver)
        site.start_ingest()
        site.heal()
        yield site


def _ingest_settings(port: int, door: Relay) -> dict[str, str]:
    """All work is left to the others. They fetch uploads through `door`."""
    return {
        "WORKER_PORT": str(port),
        "INTERNAL_URL": f"http://127.0.0.1:{door.port}",
        "JOB_THREADS": "0",
        "EARLY_ENCODES": "0",
    }


def _worker(held: ExitStack, folder: Path, settings: dict[str, str], door: Relay) -> Worker:
    """A worker host that has ways of its own, and does not run yet."""
    links = {"ingest": door}
    for way, setting in _WAYS.items():
        link = Relay(httpx.URL(settings[setting]).port or 0)
        links[way] = held.enter_context(closing(link))
        settings |= {setting: link.through(settings[setting])}
    held.enter_context(small_disk(folder, size_mb=_DISK_MB))
    worker = Worker(folder.name, folder, settings, links)
    held.callback(worker.kill)
    return worker
