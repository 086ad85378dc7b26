"""An assembly whose file one host takes, and which is packed and stored by whichever hosts work."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from cattube_worker.assemblies.model import PROBE, Job
from cattube_worker.assembly_folders import folder_name

from ...conftest import UPLOAD_ONLY, TestEngine
from .conftest import Hosts

BYTES = bytes(range(256)) * 4096
# Packed at one host, stored at another.
PACK_AND_STORE: dict[str, Any] = {
    **UPLOAD_ONLY,
    "packed": {"robot": "/file/compress", "use": ":original", "format": "zip"},
    "exported": {
        "robot": "/backblaze/store",
        "use": ["packed", ":original"],
        "credentials": "cattube",
        "path": "${previous_step.name}/${file.name}",
    },
}


def uploaded(hosts: Hosts, steps: dict[str, Any] | None = None) -> dict[str, Any]:
    """An assembly whose file has come to the ingest host, and was probed there."""
    assembly = hosts.ingest.assembly(steps=steps or PACK_AND_STORE)
    hosts.ingest.upload(assembly, BYTES)
    assert hosts.ingest.runner(PROBE).run_once()
    return assembly


def jobs_of(host: TestEngine, assembly: dict[str, Any]) -> Sequence[Job]:
    """The jobs in any order. A step that uses two others has one for the files of each."""
    with host.database.read() as session:
        return session.scalars(select(Job).filter_by(assembly_id=assembly["assembly_id"])).all()


def job_of(host: TestEngine, assembly: dict[str, Any], node: str) -> Job:
    """The one job of that node."""
    (job,) = (job for job in jobs_of(host, assembly) if job.node == node)
    return job


def scratch_of(assembly: dict[str, Any]) -> str:
    return f"scratch/{folder_name(assembly['assembly_id'])}/"


def unpacked(archive: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return file.read(file.namelist()[0])


def check_result(hosts: Hosts, assembly: dict[str, Any]) -> None:
    """Check that all is stored as on one host, and nothing else is left anywhere."""
    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    stored = {key.split("/")[0]: hosts.content(key) for key in hosts.objects()}
    assert stored.keys() == {"packed", ":original"}
    assert stored[":original"] == BYTES
    assert unpacked(stored["packed"]) == BYTES
