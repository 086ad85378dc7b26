"""Two engines in processes of their own, on one database and one bucket."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from servers.processes import free_port
from servers.s3_server import S3Server

from ..databases import database_url
from ..execution.job_files.conftest import bucket_settings
from ..execution.job_files.packing import PACK_AND_STORE, unpacked
from .conftest import RECORDED, Server, start, wait_until

ASSEMBLIES = 6


def started(folder: Path, name: str, settings: dict[str, Any]) -> Server:
    port = free_port()
    own = {"HOST_NAME": name, "INTERNAL_URL": f"http://127.0.0.1:{port}"}
    return start(folder / name, RECORDED, port=port, **settings, **own)


def objects_of(server: S3Server, bucket: str) -> Callable[[str], list[str]]:
    """Keys of the objects in a folder of the bucket."""

    def keys(folder: str) -> list[str]:
        page = server.client.list_objects_v2(Bucket=bucket, Prefix=folder)
        return [item["Key"] for item in page.get("Contents", ())]

    return keys


def sent(server: Server, content: bytes) -> dict[str, Any]:
    """An assembly whose file has come to that host."""
    assembly = server.assembly(steps=PACK_AND_STORE)
    assert server.patch(server.open_upload(assembly, len(content)), content) == 204
    return assembly


def test_host_that_is_killed_amid_its_work_loses_nothing(
    s3_server: S3Server, s3_bucket: str, tmp_path: Path
) -> None:
    """S43, F05"""
    data = tmp_path / "ingest"
    settings = {
        **{name.upper(): value for name, value in bucket_settings(s3_server, s3_bucket).items()},
        "WORKER_DATABASE_URL": database_url(data) or f"sqlite:///{data / 'worker.sqlite3'}",
        "ENGINE_SECRET": "of all engines",
        "SCRATCH": "bucket",
        "JOB_LEASE_SECONDS": "2",
    }
    ingest = started(tmp_path, "ingest", settings)
    worker = started(tmp_path, "worker", settings)
    contents = [Random(number).randbytes(3_000_000) for number in range(ASSEMBLIES)]
    keys = objects_of(s3_server, s3_bucket)

    assemblies = [sent(ingest, content) for content in contents]
    wait_until(lambda: keys("packed/"))
    worker.stop(signal.SIGKILL)
    ends = [ingest.wait_for_end(assembly) for assembly in assemblies]

    assert [end.get("ok") for end in ends] == ["ASSEMBLY_COMPLETED"] * ASSEMBLIES
    stored = [
        s3_server.client.get_object(Bucket=s3_bucket, Key=key)["Body"].read() for key in keys("packed/")
    ]
    assert sorted(map(unpacked, stored)) == sorted(contents)
    wait_until(lambda: not keys("scratch/"))
    ingest.stop()
