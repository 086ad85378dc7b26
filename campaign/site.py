"""A whole site of several hosts: the servers that they share, web app, one ingest and two worker hosts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from e2e.engine import Engine
from servers.processes import free_port
from servers.relay import Relay

from campaign.hosts import NOTHING_ODD, Host, Ingest, Oddity, Worker
from campaign.network.host_network import HostNetwork, host_network
from campaign.shared_servers import SharedServers, shared_servers
from campaign.small_disk import small_disk
from campaign.state.bucket import Bucket
from campaign.state.records import Records
from campaign.state.rows import Rows
from campaign.steps import store_steps
from campaign.uploader import Uploader
from campaign.waiting import wait_for
from campaign.web_app import TEMPLATE, Consumer, WebApp, prepare, web_settings

WORKERS = ("fence", "roof")
START_SECONDS = 90.0
_START_POLL_SECONDS = 0.3
# Of a worker host, so that it is soon full.
_DISK_MB = 96
# Ways of a worker host that can be cut, by the setting that leads there.
_WAYS = {"database": "WORKER_DATABASE_URL", "broker": "BROKER_URL", "bucket": "B2_ENDPOINT_URL"}


@dataclass
class Site:
    """The site and all that can be done to it. web_hosts: the web app, and who takes its notifications."""

    folder: Path
    engine: Engine
    servers: SharedServers
    ingest: Ingest
    workers: dict[str, Worker]
    web_hosts: list[Host]
    uploader: Uploader
    rows: Rows
    records: Records
    _started_at: dict[str, float] = field(default_factory=dict)

    @property
    def hosts(self) -> list[Host]:
        return [self.ingest, *self.workers.values(), *self.web_hosts]

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
        wait_for("answers of the ingest host", lambda: _answers(self.engine.address), seconds=START_SECONDS)

    def start_web_hosts(self) -> None:
        """Start what of the web app does not run, and wait until it answers. Raises WaitedInVain."""
        for host in self.web_hosts:
            if not host.runs:
                host.start()
        wait_for("answers of the web app", lambda: _answers(self.uploader.address), seconds=START_SECONDS)

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
        self.start_web_hosts()
        for name in self.workers:
            self.wait_for_worker(name)


@contextmanager
def running_site(folder: Path, *, by_queue: bool, in_namespaces: bool) -> Iterator[Site]:
    """A site with its state below `folder`. by_queue: the engines report by a queue, and not by POSTs.

    in_namespaces: each worker host has a network of its own. Raises ServerUnavailable, WaitedInVain,
    NamespacesRefused.
    """
    with ExitStack() as held:
        network = held.enter_context(host_network(WORKERS)) if in_namespaces else HostNetwork()
        servers = held.enter_context(shared_servers(folder))
        port, web_port = free_port(), free_port()
        engine, web = (f"http://127.0.0.1:{number}" for number in (port, web_port))
        notifications = servers.broker.url if by_queue else ""
        door = held.enter_context(closing(Relay(port, address=network.address)))
        settings = servers.engine_settings
        alone = _ingest_settings(port, door.through(engine)) | {"NOTIFICATIONS_URL": notifications}
        ingest = Ingest("ingest", folder / "ingest", settings | alone)
        held.callback(ingest.kill)
        workers = {name: _worker(held, folder / name, settings, door, network) for name in WORKERS}
        own = web_settings(servers, port=web_port, engine=engine, notifications=notifications)
        web_hosts = _web_hosts(held, folder, own, by_queue=by_queue)
        site = Site(
            folder,
            Engine(engine, 0),
            servers,
            ingest,
            workers,
            web_hosts,
            Uploader(web, prepare(folder / "web", own)),
            held.enter_context(closing(Rows(servers.database_url))),
            held.enter_context(closing(Records(servers.web_database_url))),
        )
        site.start_ingest()
        store_steps(site.engine, TEMPLATE)
        site.heal()
        yield site


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz").status_code < 600
    except httpx.TransportError:
        return False


def _web_hosts(held: ExitStack, folder: Path, settings: dict[str, str], *, by_queue: bool) -> list[Host]:
    """The web app and, if there is a queue, its consumer; they do not run yet."""
    hosts: list[Host] = [WebApp("web", folder / "web", settings)]
    if by_queue:
        hosts.append(Consumer("consumer", folder / "consumer", settings))
    for host in hosts:
        held.callback(host.kill)
    return hosts


def _ingest_settings(port: int, door_url: str) -> dict[str, str]:
    """All work is left to the others. They fetch uploads by `door_url`."""
    return {
        "WORKER_PORT": str(port),
        "INTERNAL_URL": door_url,
        "JOB_THREADS": "0",
        "EARLY_ENCODES": "0",
    }


def _worker(
    held: ExitStack, folder: Path, settings: dict[str, str], door: Relay, network: HostNetwork
) -> Worker:
    """A worker host that has ways of its own, and does not run yet."""
    links = {"ingest": door}
    for way, setting in _WAYS.items():
        link = Relay(httpx.URL(settings[setting]).port or 0, address=network.address)
        links[way] = held.enter_context(closing(link))
        settings = settings | {setting: link.through(settings[setting])}
    held.enter_context(small_disk(folder, size_mb=_DISK_MB))
    worker = Worker(folder.name, folder, settings, links, network.namespaces.get(folder.name))
    held.callback(worker.kill)
    return worker
