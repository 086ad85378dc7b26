"""Files that the engine fetches itself, as the npm SDK and pytransloadit ask for them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from transloadit.client import Transloadit

from .conftest import NodeSdk, SdkError


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def site(clip: Path) -> Iterator[str]:
    """The address of a site that has the clip."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(clip.parent))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def steps(url: str) -> dict[str, Any]:
    small = {"robot": "/video/encode", "use": "imported", "preset": "web/mp4/240p", "result": True}
    return {
        "imported": {"robot": "/http/import", "url": url, "result": True, "fail_fast": True},
        "small": small,
    }


def test_clip_is_imported_and_encoded_for_the_npm_sdk(sdk: NodeSdk, site: str, clip: Path) -> None:
    asked = {"params": {"steps": steps(f"{site}/{clip.name}")}, "waitForCompletion": True}

    status = sdk.call("createAssembly", asked)

    imported = status["results"]["imported"][0]
    assert (status["ok"], status["uploads"]) == ("ASSEMBLY_COMPLETED", [])
    assert imported["md5hash"] == hashlib.md5(clip.read_bytes()).hexdigest()
    assert imported["import_url"] == f"{site}/{clip.name}"
    assert status["results"]["small"][0]["meta"]["height"] == 240


def test_clip_is_imported_for_pytransloadit(python_sdk: Transloadit, site: str, clip: Path) -> None:
    assembly = python_sdk.new_assembly()
    for name, step in steps(f"{site}/{clip.name}").items():
        assembly.add_step(name, step.pop("robot"), step)

    status = assembly.create(wait=True).data

    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert [file["name"] for file in status["results"]["imported"]] == [clip.name]


def test_what_is_not_there_is_thrown_with_its_code(sdk: NodeSdk, site: str) -> None:
    with pytest.raises(SdkError) as failed:
        sdk.call("createAssembly", {"params": {"steps": steps(f"{site}/no.mp4")}, "waitForCompletion": True})

    assert failed.value.code == "HTTP_IMPORT_NOT_FOUND"


def test_w12_address_inside_is_not_asked(sdk: NodeSdk) -> None:
    """M22"""
    asked = {"params": {"steps": steps("http://169.254.169.254/latest/meta-data")}, "waitForCompletion": True}

    with pytest.raises(SdkError) as failed:
        sdk.call("createAssembly", asked)

    assert failed.value.code == "HTTP_IMPORT_FAILURE"
