"""Uppy with its Transloadit plugin on a page of its own, on another origin than the engine."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from e2e.site import PATIENCE_SECONDS, ROOT, Site
from playwright.sync_api import Page

FRONTEND = ROOT / "web-application" / "frontend"
ROLLDOWN = FRONTEND / "node_modules" / ".bin" / "rolldown"
# The newest as the site has it, so that both are tested with the same one.
UPPYS = {"6": FRONTEND, **{version: ROOT / "e2e" / "uppy" / version for version in "543"}}
CAT = {"name": "cat.bin", "size": 100_000}
PATIENCE_MS = PATIENCE_SECONDS * 1000
# Shorter than Uppy's own, which begin with seven seconds.
RETRY_DELAYS_MS = [500, 1000, 2000, 4000, 8000]
# By itself `evaluate` waits for a promise however long it takes.
OUTCOME = """
milliseconds => Promise.race([window.outcome, new Promise((_, reject) => setTimeout(
    () => reject(new Error(`the upload does not end, after ${window.happened}`)), milliseconds,
))])
"""
UPLOAD_ONLY: dict[str, Any] = {":original": {"robot": "/upload/handle"}}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def serve_page(folder: Path, *, uppy: Path = FRONTEND) -> Iterator[str]:
    """Build the page in `folder`; the address it is served at while the block runs.

    uppy: folder in which the Uppy of the page is installed.
    """
    command = [str(ROLLDOWN), "-c", str(ROOT / "e2e" / "uppy" / "rolldown.config.mjs"), "-d", str(folder)]
    subprocess.run(command, env={**os.environ, "UPPY": str(uppy)}, check=True, capture_output=True)
    (folder / "index.html").write_text('<!doctype html><script type="module" src="page.js"></script>')
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def signed_options(data: Path, steps: dict[str, Any]) -> dict[str, Any]:
    """assemblyOptions for an assembly with these steps, signed with the site's own secret."""
    lines = (data / "secrets.env").read_text().splitlines()
    own = dict(line.split("=", 1) for line in lines if "=" in line)
    expires = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y/%m/%d %H:%M:%S+00:00")
    auth = {"key": own["TRANSLOADIT_KEY"], "expires": expires, "nonce": secrets.token_hex(8)}
    params = json.dumps({"auth": auth, "steps": steps})
    digest = hmac.new(own["TRANSLOADIT_SECRET"].encode(), params.encode(), hashlib.sha384).hexdigest()
    return {"params": params, "signature": f"sha384:{digest}", "fields": {"cat": "Minka"}}


def md5_of(file: dict[str, Any]) -> str:
    """The digest of the bytes that the page makes for a file."""
    return hashlib.md5(bytes(index % 251 for index in range(file["size"]))).hexdigest()


@dataclass
class UppyPage:
    """The page in the browser. service: where it finds the engine."""

    page: Page
    site: Site
    service: str

    def send(self, *files: dict[str, Any], wait: bool = True, steps: dict[str, Any] = UPLOAD_ONLY) -> None:
        """Choose the files and start to send them."""
        options = {
            "service": self.service,
            "assemblyOptions": signed_options(self.site.data, steps),
            "waitForEncoding": wait,
            "retryDelays": RETRY_DELAYS_MS,
        }
        self.page.evaluate("options => { prepare(options); send() }", {"files": list(files), **options})

    def outcome(self) -> dict[str, Any]:
        """What `upload()` came to."""
        outcome: dict[str, Any] = self.page.evaluate(OUTCOME, PATIENCE_MS)
        return outcome

    def happened(self) -> list[str]:
        """The events so far."""
        return list(self.page.evaluate("() => window.happened"))

    def wait_until(self, script: str) -> None:
        self.page.wait_for_function(script, timeout=PATIENCE_MS)

    def wait_for_event(self, name: str) -> None:
        self.wait_until(f"() => window.happened.includes('{name}')")

    def wait_for_bytes(self, count: int) -> None:
        """Wait until the engine has more than so many bytes of the page's assembly."""
        received = "(await (await fetch(assembly.assembly_url)).json()).bytes_received"
        self.wait_until(f"async () => {received} > {count}")

    def status(self) -> dict[str, Any]:
        """The engine's own word about the page's assembly."""
        with urllib.request.urlopen(self.assembly_url, timeout=PATIENCE_SECONDS) as answer:
            return dict(json.load(answer))

    def cancel_from_elsewhere(self) -> None:
        """Cancel the page's assembly as somebody else who knows its address."""
        request = urllib.request.Request(self.assembly_url, method="DELETE")
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            assert json.load(answer)["ok"] == "ASSEMBLY_CANCELED"

    @property
    def assembly_url(self) -> str:
        url: str = self.page.evaluate("() => window.assembly.assembly_url")
        return url
