"""A site of two hosts that share no disk, an ingest host and a worker, whose network is counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from e2e.engine import Engine
from servers.brokers.rabbitmq import rabbitmq
from servers.postgres import postgres
from servers.processes import free_port
from servers.swift import swift

from bench.measures.cluster.network import Network
from bench.measures.cluster.site_bucket import SiteBucket
from bench.measures.cluster.worker_hosts import LEAVES_WORK, WorkerHosts
from bench.servers import running_engine


@dataclass(frozen=True)
class CountedSite:
    """ingest: the engine, straight. door_url: its address over the network.

    files: the ways to the engine and the bucket. messages: those to the database and the broker.
    """

    ingest: Engine
    door_url: str
    files: Network
    messages: Network
    bucket: SiteBucket


@contextmanager
def counted_site(folder: Path) -> Iterator[CountedSite]:
    """A site with its state below `folder`, and one worker. Raises ServerUnavailable."""
    with (
        postgres() as database_url,
        rabbitmq() as broker,
        swift(folder / "swift") as server,
        ExitStack() as held,
    ):
        files, messages = Network(held), Network(held)
        bucket, port = SiteBucket(server, server.make_bucket()), free_port()
        door_url = files.through(f"http://127.0.0.1:{port}")
        settings = {
            "WORKER_DATABASE_URL": messages.through(database_url),
            "BROKER_URL": messages.through(broker.url),
            **bucket.settings(endpoint_url=files.through(server.endpoint_url)),
            "SCRATCH": "bucket",
            "ENGINE_SECRET": "of-both-hosts",
        }
        own = {"WORKER_PORT": str(port), "INTERNAL_URL": door_url, **LEAVES_WORK}
        ingest = held.enter_context(running_engine(folder / "ingest", **own, **settings))
        worker_folder = folder / "worker"
        worker_folder.mkdir()
        WorkerHosts(ingest, worker_folder, settings, held).start_worker("worker")
        yield CountedSite(ingest, door_url, files, messages, bucket)
