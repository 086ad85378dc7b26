"""Uppy with its Transloadit plugin, on a page of its own, against the engine."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import signal
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response, Route

from e2e.site import ROOT, Site
from e2e.upload_page import slow_down

ROLLDOWN = ROOT / "web-application" / "frontend" / "node_modules" / ".bin" / "rolldown"
CAT = {"name": "cat.bin", "size": 100_000}
LARGE_BYTES, PART_BYTES = 3_000_000, 500_000
LARGE = {"name": "large.bin", "size": LARGE_BYTES}
PATIENCE_MS = 30_000
# Shorter than Uppy's own, which begin with seven seconds.
RETRY_DELAYS_MS = [500, 1000, 2000, 4000, 8000]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def page_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page, which lies on another origin than the engine."""
    folder = tmp_path_factory.mktemp("uppy")
    config = ROOT / "e2e" / "uppy" / "rolldown.config.mjs"
    subprocess.run([str(ROLLDOWN), "-c", str(config), "-d", str(folder)], check=True, capture_output=True)
    (folder / "index.html").write_text('<!doctype html><script type="module" src="page.js"></script>')
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def signed_options(data: Path) -> dict[str, Any]:
    """assemblyOptions for an assembly that only takes files, signed with the site's own secret."""
    lines = (data / "secrets.env").read_text().splitlines()
    own = dict(line.split("=", 1) for line in lines if "=" in line)
    expires = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y/%m/%d %H:%M:%S+00:00")
    auth = {"key": own["TRANSLOADIT_KEY"], "expires": expires, "nonce": secrets.token_hex(8)}
    params = json.dumps({"auth": auth, "steps": {":original": {"robot": "/upload/handle"}}})
    digest = hmac.new(own["TRANSLOADIT_SECRET"].encode(), params.encode(), hashlib.sha384).hexdigest()
    return {"params": params, "signature": f"sha384:{digest}", "fields": {"cat": "Minka"}}


@dataclass
class UppyPage:
    """The page in the browser."""

    page: Page
    site: Site

    def send(self, *files: dict[str, Any], wait: bool = True) -> None:
        """Choose the files and start to send them."""
        options = {
            "assemblyOptions": signed_options(self.site.data),
            "waitForEncoding": wait,
            "retryDelays": RETRY_DELAYS_MS,
        }
        self.page.evaluate(
            "options => { prepare(options); send() }",
            {"service": self.site.engine_url, "files": list(files), **options},
        )

    def outcome(self) -> dict[str, Any]:
        """What `upload()` came to."""
        outcome: dict[str, Any] = self.page.evaluate("() => window.outcome")
        return outcome

    def wait_until(self, script: str) -> None:
        self.page.wait_for_function(script, timeout=PATIENCE_MS)

    def wait_for_event(self, name: str) -> None:
        self.wait_until(f"() => window.happened.includes('{name}')")

    def status(self) -> dict[str, Any]:
        """The engine's own word about the page's assembly."""
        url: str = self.page.evaluate("() => window.assembly.assembly_url")
        with urllib.request.urlopen(url, timeout=10) as answer:
            return dict(json.load(answer))


@pytest.fixture
def uppy(site: Site, browser: Browser, page_url: str) -> Iterator[UppyPage]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(page_url)
    page.wait_for_function("() => window.prepare")
    yield UppyPage(page, site)
    context.close()


def test_encoding_is_waited_for_when_asked_so(uppy: UppyPage) -> None:
    uppy.send(CAT)

    outcome = uppy.outcome()

    assert (outcome["sent"], outcome["failed"]) == (1, 0)
    assert outcome["assemblies"][0]["ok"] == "ASSEMBLY_COMPLETED"
    assert outcome["assemblies"][0]["fields"] == {"cat": "Minka"}
    uppy.wait_for_event("transloadit:complete")


def test_without_waiting_the_page_goes_on_when_the_bytes_are_sent(uppy: UppyPage) -> None:
    uppy.send(CAT, wait=False)

    outcome = uppy.outcome()

    assert (outcome["sent"], outcome["failed"]) == (1, 0)
    assert len(outcome["assemblies"][0]["assembly_id"]) == 32


def test_blocked_stream_is_made_up_for_by_asking(uppy: UppyPage) -> None:
    uppy.page.route("**/events?*", lambda route: route.abort())
    uppy.send(CAT)

    assert uppy.outcome()["assemblies"][0]["ok"] == "ASSEMBLY_COMPLETED"
    uppy.wait_for_event("transloadit:complete")


def test_w22_stream_that_breaks_off_tells_the_end_when_it_is_back(uppy: UppyPage) -> None:
    cut: list[str] = []

    def break_off_once(route: Route) -> None:
        if cut:
            route.continue_()
        else:
            cut.append(route.request.url)
            route.fulfill(
                status=200,
                body="retry: 200\n\n",
                content_type="text/event-stream",
                headers={"Access-Control-Allow-Origin": "*"},
            )

    uppy.page.route("**/events?*", break_off_once)
    uppy.send(CAT)

    assert uppy.outcome()["assemblies"][0]["ok"] == "ASSEMBLY_COMPLETED"
    assert len(cut) == 1


def test_two_files_come_in_one_assembly(uppy: UppyPage) -> None:
    uppy.send(CAT, {**CAT, "name": "kitten.bin"})

    outcome = uppy.outcome()

    assert (outcome["sent"], len(outcome["assemblies"])) == (2, 1)
    assert sorted(each["name"] for each in outcome["assemblies"][0]["uploads"]) == ["cat.bin", "kitten.bin"]


def test_t20_file_of_zero_bytes_comes_to_an_end(uppy: UppyPage) -> None:
    uppy.send({"name": "nothing.bin", "size": 0})

    assert uppy.outcome()["assemblies"][0]["uploads"][0]["size"] == 0


def test_w20_cancel_on_the_page_cancels_the_assembly(uppy: UppyPage) -> None:
    slow_down(uppy.page, upload_megabits=4)
    uppy.send(LARGE)
    uppy.wait_for_event("upload-progress")
    assert uppy.status()["ok"] == "ASSEMBLY_UPLOADING"

    with uppy.page.expect_response(is_cancel):
        uppy.page.evaluate("() => uppy.cancelAll()")

    assert uppy.status()["ok"] == "ASSEMBLY_CANCELED"


def is_cancel(answer: Response) -> bool:
    return answer.request.method == "DELETE" and "/assemblies/" in answer.url


def test_upload_goes_on_after_a_pause(uppy: UppyPage) -> None:
    slow_down(uppy.page, upload_megabits=8)
    uppy.send(LARGE)
    uppy.wait_for_event("upload-progress")

    uppy.page.evaluate("() => uppy.pauseAll()")
    uppy.wait_until("() => uppy.getFiles()[0].isPaused")
    uppy.page.evaluate("() => uppy.resumeAll()")

    upload = uppy.outcome()["assemblies"][0]["uploads"][0]
    body = bytes(index % 251 for index in range(LARGE_BYTES))
    assert upload["md5hash"] == hashlib.md5(body).hexdigest()


def test_w22_upload_outlives_a_death_of_the_engine(uppy: UppyPage) -> None:
    slow_down(uppy.page, upload_megabits=8)
    uppy.send(LARGE)
    uppy.wait_for_event("upload-progress")
    uppy.wait_until(
        f"async () => (await (await fetch(assembly.assembly_url)).json()).bytes_received > {PART_BYTES}"
    )

    assert uppy.status()["ok"] == "ASSEMBLY_UPLOADING"
    assert kill_engine(uppy.site) > 0

    outcome = uppy.outcome()
    assert (outcome["sent"], outcome["failed"]) == (1, 0)
    body = bytes(index % 251 for index in range(LARGE_BYTES))
    assert outcome["assemblies"][0]["uploads"][0]["md5hash"] == hashlib.md5(body).hexdigest()


def kill_engine(site: Site) -> int:
    """End the engine's processes at once, and say how many; whatever started the site starts it anew."""
    killed = 0
    marks = (f"CATTUBE_DATA={site.data}".encode(), f"WORKER_PORT={urlsplit(site.engine_url).port}".encode())
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            is_ours = set(marks) <= set((entry / "environ").read_bytes().split(b"\0"))
            if is_ours and (entry / "cwd").readlink().name == "worker":
                os.kill(int(entry.name), signal.SIGKILL)
                killed += 1
    return killed
