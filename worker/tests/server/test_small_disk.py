"""A whole engine on a disk that is really small: a file system of 64 MiB in memory."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ..conftest import upload_metadata
from .conftest import Server, start

MIB = 2**20
RESERVE_BYTES = 20 * MIB
# What is in the hands of senders, and in the database, when the first one meets the reserve.
SLACK_BYTES = 8 * MIB


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this user may not mount a file system")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def send_without_end(server: Server, upload: str) -> None:
    """Send an upload of unknown length in chunks, until the engine closes or 80 MiB are sent."""
    connection = server.connect()
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
    }
    with suppress(OSError):
        connection.request("PATCH", upload, (bytes(MIB) for _ in range(80)), headers)
        connection.getresponse().read()
    connection.close()


def free_bytes(disk: Path) -> int:
    usage = os.statvfs(disk)
    return usage.f_bavail * usage.f_frsize


def test_m36_many_endless_uploads_leave_the_reserve_and_a_database_that_writes(small_disk: Path) -> None:
    server = start(small_disk / "data", MIN_FREE_BYTES=str(RESERVE_BYTES))
    uploads = []
    for _ in range(4):
        metadata = upload_metadata(server.assembly()["assembly_url"])
        headers = {"Upload-Defer-Length": "1", "Upload-Metadata": metadata}
        uploads.append(urlsplit(server.tus("POST", "/resumable/files/", headers=headers)[1]["Location"]).path)
    senders = [threading.Thread(target=send_without_end, args=(server, upload)) for upload in uploads]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    offsets = [server.offset(upload) for upload in uploads]
    assert RESERVE_BYTES - SLACK_BYTES < free_bytes(small_disk) < RESERVE_BYTES + SLACK_BYTES
    assert sum(offsets) > 64 * MIB - RESERVE_BYTES - SLACK_BYTES
    assert "full but for its reserve" in server.get("/healthz")["degraded"]["disk"]
    last = server.assembly()
    headers = {"Upload-Length": "4", "Upload-Metadata": upload_metadata(last["assembly_url"])}
    assert server.tus("POST", "/resumable/files/", headers=headers)[0] == 507
    # The bytes may have come unevenly, and the smallest upload may make too little room.
    largest = uploads[offsets.index(max(offsets))]
    assert server.tus("DELETE", largest)[0] == 204
    assert server.tus("POST", "/resumable/files/", headers=headers)[0] == 201
    server.stop()
