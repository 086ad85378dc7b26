"""tus-js-client, unmodified, straight at the tus_url of an assembly."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ..server.conftest import Server
from .conftest import FOLDER, SECONDS_FOR_A_COMMAND

CHUNK_BYTES = 100_000


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three megabytes that no two parts of are alike."""
    path = tmp_path_factory.mktemp("bodies") / "cat.bin"
    path.write_bytes(Random(11).randbytes(3_000_000))
    return path


def send(assembly: dict[str, Any], body: Path, storage: Path, **options: Any) -> dict[str, Any]:
    """The last output of the client; `storage` is the file with its unfinished uploads."""
    wanted = {
        "endpoint": assembly["tus_url"],
        "path": str(body),
        "storage": str(storage),
        "metadata": {"assembly_url": assembly["assembly_url"], "filename": "cat.bin", "fieldname": "file"},
        **options,
    }
    done = subprocess.run(
        ["node", "tus.mjs", json.dumps(wanted)],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=SECONDS_FOR_A_COMMAND,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def assert_whole(server: Server, assembly: dict[str, Any], body: Path, url: str) -> None:
    status = server.wait_for_end(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert [file["tus_upload_url"] for file in status["uploads"]] == [url]
    assert status["uploads"][0]["md5hash"] == hashlib.md5(body.read_bytes()).hexdigest()


def test_file_is_sent_in_three_parts_at_a_time(server: Server, body: Path, tmp_path: Path) -> None:
    """T15: as the client does by itself, without metadata on the parts."""
    assembly = server.assembly()

    sent = send(assembly, body, tmp_path / "urls", parallelUploads=3)

    assert sorted(sent["requests"]) == ["PATCH"] * 3 + ["POST final"] + ["POST partial"] * 3
    assert_whole(server, assembly, body, sent["url"])


def test_parts_may_bring_their_bytes_when_they_are_announced(
    server: Server, body: Path, tmp_path: Path
) -> None:
    assembly = server.assembly()

    sent = send(assembly, body, tmp_path / "urls", parallelUploads=3, uploadDataDuringCreation=True)

    assert sorted(sent["requests"]) == ["POST final"] + ["POST partial"] * 3
    assert_whole(server, assembly, body, sent["url"])


@pytest.mark.parametrize(
    "parallel", [pytest.param({}, id="one stream"), pytest.param({"parallelUploads": 3}, id="three")]
)
def test_stopped_upload_goes_on_where_it_was(
    server: Server, body: Path, tmp_path: Path, parallel: dict[str, int]
) -> None:
    """T06: by HEAD, in a new process that knows no more than the client wrote down."""
    assembly, storage = server.assembly(), tmp_path / "urls"
    options = {"chunkSize": CHUNK_BYTES, **parallel}
    stopped = send(assembly, body, storage, stopAfterBytes=1_000_000, **options)

    resumed = send(assembly, body, storage, **options)

    assert resumed["requests"].count("HEAD") == parallel.get("parallelUploads", 1)
    # No more is sent twice than what was on its way.
    all_patches = stopped["requests"].count("PATCH") + resumed["requests"].count("PATCH")
    assert all_patches <= body.stat().st_size // CHUNK_BYTES + 2 * parallel.get("parallelUploads", 1)
    assert_whole(server, assembly, body, resumed["url"])


def test_upload_whose_answer_was_lost_is_announced_anew(server: Server, body: Path, tmp_path: Path) -> None:
    assembly = server.assembly()
    options = {"chunkSize": CHUNK_BYTES, "uploadDataDuringCreation": True}
    send(assembly, body, tmp_path / "forgotten", stopAfterBytes=1, **options)

    sent = send(assembly, body, tmp_path / "urls", **options)

    assert sent["requests"][0] == "POST"
    assert_whole(server, assembly, body, sent["url"])
