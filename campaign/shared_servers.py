"""The servers that all hosts of the site share, and the settings by which engines find them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from e2e.engine import KEY, SECRET
from servers.brokers.rabbitmq import RabbitMQ, rabbitmq
from servers.postgres import postgres
from servers.swift import swift

from campaign.state.bucket import Bucket

ENGINE_SECRET = "of-all-engines-of-the-campaign"
# Short, for rounds wait for the end of leases; a part can be as long as that of a short clip.
_LEASE_SECONDS, _PART_SECONDS = 3, 1
_MIB = 2**20


@dataclass(frozen=True)
class SharedServers:
    """A database for all engines and one for the web app, a broker and a bucket."""

    database_url: str
    web_database_url: str
    broker: RabbitMQ
    bucket: Bucket

    @property
    def secrets(self) -> list[str]:
        """What must be in no log and no answer."""
        return [ENGINE_SECRET, SECRET, self.bucket.server.secret]

    @property
    def engine_settings(self) -> dict[str, str]:
        """Settings of each engine, on the straight way to the servers."""
        server = self.bucket.server
        return {
            "WORKER_DATABASE_URL": self.database_url,
            "BROKER_URL": self.broker.url,
            "B2_ENDPOINT_URL": server.endpoint_url,
            "B2_APPLICATION_KEY_ID": server.key_id,
            "B2_APPLICATION_KEY": server.secret,
            "BUCKET_NAME": self.bucket.name,
            "SCRATCH": "bucket",
            "ENGINE_SECRET": ENGINE_SECRET,
            "TRANSLOADIT_KEY": KEY,
            "TRANSLOADIT_SECRET": SECRET,
            "JOB_LEASE_SECONDS": str(_LEASE_SECONDS),
            "PART_SECONDS": str(_PART_SECONDS),
            "MIN_FREE_BYTES": str(_MIB),
        }


@contextmanager
def shared_servers(folder: Path) -> Iterator[SharedServers]:
    """New, empty servers. Raises ServerUnavailable."""
    with postgres() as url, rabbitmq() as broker, swift(folder / "bucket") as server:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE web")
        web_url = urlsplit(url)._replace(path="/web").geturl()
        yield SharedServers(url, web_url, broker, Bucket(server, server.make_bucket()))
