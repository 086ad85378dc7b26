"""Two hosts that take uploads, behind one name. Each has a state folder of its own; they share no disk."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from servers.brokers.rabbitmq import RabbitMQ
from servers.processes import free_port, leash
from servers.s3_server import S3Server

from cattube_worker.settings import ROOM

from ..conftest import STORE_ORIGINAL
from ..databases import database_url
from ..execution.job_files.conftest import bucket_settings
from ..server.conftest import PATIENCE_SECONDS, RECORDED, Server, start, wait_until
from .conftest import CELERY, LEASE_SECONDS
from .test_shown_hosts import signed_path

BODY = os.urandom(1_000_000)


@dataclass
class Ingest:
    """One of the hosts to which a balancer sends. It leaves all jobs to worker hosts."""

    name: str
    folder: Path
    settings: dict[str, Any]
    port: int = field(default_factory=free_port)
    server: Server = field(init=False)

    def start(self) -> None:
        own = {
            "HOST_NAME": self.name,
            "INTERNAL_URL": f"http://127.0.0.1:{self.port}",
            "JOB_THREADS": "0",
            "EARLY_ENCODES": "0",
        }
        self.server = start(self.folder, RECORDED, port=self.port, **self.settings, **own)


@dataclass
class TwoDoors:
    first: Ingest
    second: Ingest
    worker: subprocess.Popen[bytes]

    def close(self) -> None:
        for process in (self.worker, self.first.server.process, self.second.server.process):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(PATIENCE_SECONDS)


@pytest.fixture
def doors(broker: RabbitMQ, s3_server: S3Server, s3_bucket: str, tmp_path: Path) -> Iterator[TwoDoors]:
    data = tmp_path / "first"
    settings = {
        **{name.upper(): value for name, value in bucket_settings(s3_server, s3_bucket).items()},
        "WORKER_DATABASE_URL": database_url(data) or f"sqlite:///{data / 'worker.sqlite3'}",
        "BROKER_URL": broker.url,
        "ENGINE_SECRET": "of all engines",
        "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
    }
    first, second = (Ingest(name, tmp_path / name, settings) for name in ("first", "second"))
    first.start()
    second.start()
    worker = subprocess.Popen(
        [*leash(None), *CELERY, "worker"],
        cwd=ROOM,
        env={**os.environ, **settings, "HOST_NAME": "worker", "CATTUBE_DATA": str(tmp_path / "worker")},
        start_new_session=True,
    )
    doors = TwoDoors(first, second, worker)
    yield doors
    doors.close()


def test_f123_upload_goes_on_at_whichever_host_is_asked_and_its_jobs_run_anywhere(
    doors: TwoDoors, s3_server: S3Server, s3_bucket: str
) -> None:
    """F123: a balancer may send each request elsewhere."""
    first, second = doors.first.server, doors.second.server
    assembly = first.assembly(steps=STORE_ORIGINAL)
    upload = second.open_upload(assembly, len(BODY))

    assert first.patch(upload, BODY[:400_000]) == 204
    assert second.offset(upload) == first.offset(upload) == 400_000
    assert first.patch(upload, BODY[400_000:], offset=400_000) == 204
    ends = [server.wait_for_end(assembly) for server in (first, second)]

    assert [end["ok"] for end in ends] == ["ASSEMBLY_COMPLETED"] * 2
    key = f":original/{assembly['assembly_id']}/cat.bin"
    assert s3_server.client.get_object(Bucket=s3_bucket, Key=key)["Body"].read() == BODY
    jobs = first.get(signed_path(f"/assembly_jobs/{assembly['assembly_id']}"))["jobs"]
    assert [(job["queue"], job["host"]) for job in jobs] == [("probe", "second"), ("work", "worker")]
    hosts = second.get(signed_path("/hosts"))["hosts"]
    assert [(host["name"], host["takes_jobs"]) for host in hosts] == [
        ("first", False),
        ("second", False),
        ("worker", True),
    ]


def test_f123_upload_waits_for_its_host_and_goes_on_when_that_is_back(doors: TwoDoors) -> None:
    """F123: whoever sends is told to try again, and not that there is no such upload."""
    first, second = doors.first.server, doors.second.server
    assembly = second.assembly(steps=STORE_ORIGINAL)
    upload = second.open_upload(assembly, len(BODY))
    assert first.patch(upload, BODY[:400_000]) == 204

    second.stop(signal.SIGKILL)
    while_away = first.tus("HEAD", upload)[0]
    doors.second.start()
    wait_until(lambda: first.tus("HEAD", upload)[0] == 200)

    assert while_away == 423
    assert first.offset(upload) == 400_000
    assert first.patch(upload, BODY[400_000:], offset=400_000) == 204
    assert first.wait_for_end(assembly)["ok"] == "ASSEMBLY_COMPLETED"
