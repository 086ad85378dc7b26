"""The SDK for Go, unmodified, where Go is on the machine."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..conftest import SECRET
from ..server.conftest import Server, start
from .conftest import FOLDER, SECONDS_FOR_A_COMMAND, Receiver

Call = Callable[..., Any]


class GoSdkError(Exception):
    """An error that the SDK returned."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program that calls the SDK."""
    if shutil.which("go") is None:
        pytest.skip("there is no Go on this machine")
    path = tmp_path_factory.mktemp("go") / "go-sdk"
    built = subprocess.run(
        ["go", "build", "-o", path, "."],
        cwd=FOLDER / "go-sdk",
        capture_output=True,
        text=True,
        timeout=SECONDS_FOR_A_COMMAND,
        check=False,
    )
    if "not available" in built.stderr or "dial tcp" in built.stderr:
        pytest.skip("the SDK for Go cannot be had from here")
    assert built.returncode == 0, built.stderr
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, status_record: Path) -> Iterator[Server]:
    """An engine that takes what this SDK sends: it signs questions for lists with SHA-1."""
    server = start(tmp_path_factory.mktemp("data"), ALLOW_SHA1_SIGNATURES="true")
    yield server
    server.stop()


@pytest.fixture
def call(program: Path, server: Server) -> Call:
    """Call a method of the SDK: what it returns. Raises GoSdkError."""

    def call(*arguments: str) -> Any:
        done = subprocess.run(
            [program, *arguments],
            env={**os.environ, "KEY": "key", "SECRET": SECRET, "ENDPOINT": server.url},
            capture_output=True,
            text=True,
            timeout=SECONDS_FOR_A_COMMAND,
            check=False,
        )
        if done.returncode:
            raise GoSdkError(done.stderr)
        return json.loads(done.stdout)

    return call


def test_film_is_encoded_and_its_assembly_listed_with_its_times(call: Call, clip: Path) -> None:
    info = call("encode", str(clip))

    assert (info["ok"], info["error"]) == ("ASSEMBLY_COMPLETED", "")
    (upload,) = info["uploads"]
    assert upload["md5hash"] == hashlib.md5(clip.read_bytes()).hexdigest()
    (file,) = info["results"]["made"]
    assert (file["mime"], file["meta"]["height"]) == ("video/mp4", 240)
    items = {item["id"]: item for item in call("list")["items"]}
    assert items[info["assembly_id"]]["created"][:2] == "20"


def test_assembly_is_replayed_and_canceled(call: Call, clip: Path) -> None:
    first = call("encode", str(clip))

    again = call("replay", first["assembly_ssl_url"])
    canceled = call("cancel", call("start", str(clip))["assembly_ssl_url"])

    assert again["ok"] == "ASSEMBLY_COMPLETED"
    assert [file["meta"]["height"] for file in again["results"]["made"]] == [360]
    assert canceled["ok"] == "ASSEMBLY_CANCELED"


def test_notification_is_sent_anew(call: Call, receiver: Receiver, clip: Path) -> None:
    info = call("encode", str(clip))

    call("replay-notification", info["assembly_id"], receiver.url)

    assert json.loads(receiver.next()["transloadit"])["assembly_id"] == info["assembly_id"]


@pytest.mark.parametrize(
    ("kind", "code"), [("template", "TEMPLATE_NOT_FOUND"), ("credential", "TEMPLATE_CREDENTIALS_NOT_READ")]
)
def test_templates_and_credentials_are_made_changed_listed_and_deleted(
    call: Call, kind: str, code: str
) -> None:
    *names, missing = call(kind, f"of-go-{kind}")

    assert names == [f"of-go-{kind}", f"of-go-{kind}-changed"]
    assert code in missing
