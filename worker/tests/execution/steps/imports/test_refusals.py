"""Imports that are refused, or broken off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cattube_worker.instructions.steps import StepError, read_steps

from ....conftest import TestEngine, files_below, open_test_engine
from ....small_disk import use_small_disk
from .conftest import RemoteServer, imported, importing

MIB = 2**20


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (404, "HTTP_IMPORT_NOT_FOUND"),
        (403, "HTTP_IMPORT_ACCESS_DENIED"),
        (418, "HTTP_IMPORT_FAILURE"),
    ],
)
def test_an_answer_that_is_no_file_fails_with_transloadits_code(
    engine: TestEngine, remote: RemoteServer, status: int, code: str
) -> None:
    remote.answers["/x"] = (status, {}, b"")

    document = imported(engine, importing(f"{remote.url}/x"))

    assert (document["error"], document["step"]) == (code, "imported")


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({}, id="default"),
        pytest.param({"import_hosts": "example.com:*"}, id="another-host"),
        pytest.param({"import_hosts": "127.0.0.1"}, id="another-port"),
        pytest.param({"trusted_hosts": "127.0.0.1"}, id="old-name"),
        pytest.param({"notify_hosts": "127.0.0.1:*"}, id="another-purpose"),
    ],
)
def test_w12_w43_a_private_address_that_is_not_trusted_is_never_asked(
    tmp_path: Path, remote: RemoteServer, settings: dict[str, str]
) -> None:
    engine = open_test_engine(tmp_path, None, **settings)

    status = imported(engine, importing(f"{remote.url}/pets/My%20cat.txt"))

    assert status["error"] == "HTTP_IMPORT_FAILURE"
    assert remote.asked == []
    engine.close()


def test_w13_a_redirect_to_a_private_address_is_refused_before_it_is_asked(
    tmp_path: Path, remote: RemoteServer
) -> None:
    engine = open_test_engine(tmp_path, import_hosts="localhost:*")
    remote.answers["/moved"] = (302, {"Location": f"{remote.url}/secret"}, b"")

    status = imported(engine, importing(remote.url.replace("127.0.0.1", "localhost") + "/moved"))

    assert status["error"] == "HTTP_IMPORT_FAILURE"
    assert remote.paths == ["/moved"]
    engine.close()


def test_w13_a_host_that_redirects_for_ever_is_left_after_three(
    engine: TestEngine, remote: RemoteServer
) -> None:
    remote.answers["/a"] = (302, {"Location": "/a"}, b"")

    status = imported(engine, importing(f"{remote.url}/a"))

    assert status["error"] == "HTTP_IMPORT_FAILURE"
    assert remote.paths == ["/a"] * 4


@pytest.mark.parametrize(
    "headers",
    [pytest.param({"Content-Length": "2000"}, id="announced"), pytest.param({}, id="on-the-way")],
)
def test_w15_a_file_above_the_bound_leaves_nothing_behind(
    engine: TestEngine, remote: RemoteServer, headers: dict[str, str]
) -> None:
    remote.answers["/big"] = (200, headers, b"x" * 2000)

    status = imported(engine, importing(f"{remote.url}/big", max_file_size=1000))

    assert status["error"] == "HTTP_IMPORT_FAILURE"
    assert "1000 bytes" in status["message"]
    assert files_below(engine.settings.tmp_dir) == []


def test_w15_a_body_shorter_than_announced_is_no_file(engine: TestEngine, remote: RemoteServer) -> None:
    remote.answers["/short"] = (200, {"Content-Length": "100"}, b"meow")

    status = imported(engine, importing(f"{remote.url}/short", ignore_errors=True))
    assert status["ok"] == "ASSEMBLY_EXECUTING"  # it is tried again
    engine.clock.advance(60)
    engine.work()
    engine.clock.advance(60)
    engine.work()

    assert remote.paths == ["/short"] * 3
    assert files_below(engine.settings.tmp_dir) == []


def test_the_assemblys_own_bound_counts_for_imports_too(engine: TestEngine, remote: RemoteServer) -> None:
    status = imported(engine, importing(f"{remote.url}/pets/My%20cat.txt"), auth={"max_size": 3})

    assert "3 bytes" in status["message"]


def test_w16_a_playlist_is_a_text_and_nothing_it_names_is_asked_for(
    engine: TestEngine, remote: RemoteServer
) -> None:
    remote.answers["/list.mp4"] = (200, {}, f"#EXTM3U\n#EXTINF:1,\n{remote.url}/secret.ts\n".encode())

    status = imported(engine, importing(f"{remote.url}/list.mp4"))

    assert remote.paths == ["/list.mp4"]
    assert status["results"]["imported"][0]["type"] != "video"


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param({"url": "file:///etc/passwd"}, id="w12-file"),
        pytest.param({"url": "gopher://x/"}, id="w12-gopher"),
        pytest.param({"url": ""}, id="nothing"),
        pytest.param({"headers": ["Host: other"]}, id="other-host"),
        pytest.param({"headers": ["A: b\r\nC: d"]}, id="header-in-header"),
        pytest.param({"headers": ["no colon"]}, id="no-header"),
        pytest.param({"max_file_size": 0}, id="no-size"),
        pytest.param({"range": "5-2"}, id="backwards"),
        pytest.param({"range": "bytes=0-1"}, id="no-range"),
        pytest.param({"range": ["0-1"] * 101}, id="too-many-ranges"),
        pytest.param({"headers": {"Range": "bytes=0-1"}}, id="range-as-header"),
    ],
)
def test_what_cannot_be_imported_is_refused_at_once(parameters: dict[str, Any]) -> None:
    with pytest.raises(StepError) as caught:
        read_steps(importing(**{"url": "http://example.com/", **parameters}))

    assert caught.value.code == "HTTP_IMPORT_VALIDATION"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("s3", {"key": "k"}),
        ("http", {"x": "y"}),
        ("http", {"headers": ["no colon"]}),
        ("s3", {"headers": ["A: b"]}),
    ],
)
def test_credentials_without_headers_are_refused(
    engine: TestEngine, remote: RemoteServer, kind: str, content: dict[str, Any]
) -> None:
    engine.store_credentials("remote", kind, **content)

    status = imported(engine, importing(f"{remote.url}/x", credentials="remote"))

    assert status["error"] == "HTTP_IMPORT_VALIDATION"
    assert remote.asked == []


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "4194304"}], ids=["unknown length", "known"])
def test_m38_import_ends_at_the_reserve_and_leaves_nothing(
    tmp_path: Path, remote: RemoteServer, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    engine = open_test_engine(
        tmp_path, import_hosts="127.0.0.1:*", job_attempts=1, min_free_bytes=MIB, delete_tmp_files=True
    )
    disk = use_small_disk(monkeypatch, tmp_path / "data", size_bytes=4 * MIB)
    remote.answers["/large"] = (200, headers, bytes(4 * MIB))

    status = imported(engine, importing(f"{remote.url}/large"))

    assert status["error"] == "TRANSIENT_STORAGE_SERVICE_ERROR"
    assert files_below(engine.settings.tmp_dir) == []
    assert disk.free_bytes > 3 * MIB
    engine.close()
