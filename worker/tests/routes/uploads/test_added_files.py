"""reserve_file and add_file: files that a page uploaded elsewhere."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from cattube_worker.assembly_folders import folder_name
from cattube_worker.outbound.errors import OutboundError
from cattube_worker.outbound.http import Outbound

from ...conftest import STORE_ORIGINAL, TestEngine, files_below, open_test_engine

URL = "https://bucket.example/cat.txt"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The bytes at each address of another site."""
    objects = {URL: b"meow"}

    def download(_: Outbound, url: str, target: Path, *, max_bytes: int) -> None:
        if url not in objects:
            raise OutboundError("It answered 404 instead of the file.", retryable=False)
        target.write_bytes(objects[url])

    monkeypatch.setattr(Outbound, "download", download)
    return objects


def reserve(engine: TestEngine, assembly: dict[str, Any], size: object = 4) -> TestResponse:
    return engine.client.post(f"/assemblies/{assembly['assembly_id']}/reserve_file?size={size}")


def add(engine: TestEngine, assembly: dict[str, Any], url: str = URL, **query: str) -> TestResponse:
    query = {"size": "4", "filename": "my cat.txt", "fieldname": "file", "s3Url": url, **query}
    return engine.client.post(f"/assemblies/{assembly['assembly_id']}/add_file", query_string=query)


def test_added_files_are_uploads_like_any_other(engine: TestEngine, bucket: dict[str, bytes]) -> None:
    assembly = engine.assembly(expected=2, steps=STORE_ORIGINAL)

    reserved = [reserve(engine, assembly).get_json()["ok"] for _ in range(2)]
    first, between = add(engine, assembly).get_json()["ok"], engine.status(assembly)
    add(engine, assembly, filename="other.txt")
    engine.work()

    status = engine.status(assembly)
    assert reserved == ["ASSEMBLY_FILE_RESERVED"] * 2
    assert (first, between["ok"]) == ("ASSEMBLY_FILE_ACCEPTED", "ASSEMBLY_UPLOADING")
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert [file["name"] for file in status["uploads"]] == ["my cat.txt", "other.txt"]
    (stored, _) = files_below(engine.settings.bucket_dir)
    assert (engine.settings.bucket_dir / stored).read_bytes() == b"meow"


def test_assembly_that_has_its_files_takes_no_more(engine: TestEngine, bucket: dict[str, bytes]) -> None:
    """T16"""
    assembly = engine.assembly(expected=1)
    add(engine, assembly)

    for answer in (reserve(engine, assembly), add(engine, assembly)):
        assert (answer.status_code, answer.get_json()["error"]) == (400, "ASSEMBLY_SATURATED")
    engine.work()
    assert engine.status(assembly)["num_input_files"] == 1


def test_file_that_cannot_be_fetched_leaves_its_place_free(
    engine: TestEngine, bucket: dict[str, bytes]
) -> None:
    assembly = engine.assembly(expected=1)

    refused = add(engine, assembly, url="https://bucket.example/none")

    assert (refused.status_code, refused.get_json()["error"]) == (400, "FILE_DOWNLOAD_ERROR")
    folder = engine.settings.uploads_dir / folder_name(assembly["assembly_id"])
    assert list(folder.iterdir()) == []
    assert add(engine, assembly).status_code == 200


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/x", "http://[::1]/x", "file:///etc/passwd", "http://2130706433/x"]
)
def test_private_addresses_are_not_asked_for_files(engine: TestEngine, url: str) -> None:
    """W12"""
    answer = add(engine, engine.assembly(expected=1), url=url)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "FILE_DOWNLOAD_ERROR")


def test_w43_a_service_on_loopback_is_not_asked_for_files(engine: TestEngine) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as neighbour:
        url = f"http://127.0.0.1:{neighbour.server_port}/secret"

        answer = add(engine, engine.assembly(expected=1), url=url)

        neighbour.socket.setblocking(False)
        with pytest.raises(BlockingIOError):  # Nobody has knocked.
            neighbour.socket.accept()
    assert (answer.status_code, answer.get_json()["error"]) == (400, "FILE_DOWNLOAD_ERROR")
    assert "IMPORT_HOSTS" in answer.get_json()["message"]


def test_w43_an_assembly_that_nobody_signed_sends_the_engine_nowhere(
    tmp_path: Path, bucket: dict[str, bytes]
) -> None:
    engine = open_test_engine(tmp_path, require_signature=False)
    form = {**engine.signed({"steps": STORE_ORIGINAL}), "num_expected_upload_files": "1"}
    unsigned = engine.client.post("/assemblies", data={**form, "signature": None}).get_json()
    signed = engine.assembly(expected=1)

    refused, accepted = add(engine, unsigned), add(engine, signed)

    assert (refused.status_code, refused.get_json()["error"]) == (400, "NO_SIGNATURE_FIELD")
    assert "signed Assemblies" in refused.get_json()["message"]
    assert accepted.status_code == 200
    engine.close()


def test_file_above_the_bound_is_refused(engine: TestEngine, bucket: dict[str, bytes]) -> None:
    """T05"""
    assembly = engine.assembly(expected=1, auth={"max_size": 3})
    bucket[URL] = b"far too long"

    announced, lied_about = add(engine, assembly), add(engine, assembly, size="null")

    assert announced.status_code == lied_about.status_code == 413
    assert reserve(engine, assembly, size=3).status_code == 200


def test_unknown_assembly_takes_no_file(engine: TestEngine, bucket: dict[str, bytes]) -> None:
    """W18"""
    unknown = {"assembly_id": "0" * 32}

    for answer in (reserve(engine, unknown), add(engine, unknown)):
        assert (answer.status_code, answer.get_json()["error"]) == (404, "ASSEMBLY_NOT_FOUND")


def test_address_has_to_be_named(engine: TestEngine) -> None:
    assert add(engine, engine.assembly(expected=1), url="").status_code == 400
