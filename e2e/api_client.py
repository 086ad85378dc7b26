"""A script of somebody's that uses a site's API, with a token and no browser."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from e2e.engine import Engine
from e2e.site import ROOT, Site, clean_environment

POLL_SECONDS = 0.2
SECONDS_TO_FINISH = 300
# To delete for ever is to free every object in every version.
LONGEST_CALL_SECONDS = 30
_MAKE_TOKEN = """
from django.core.management import call_command
call_command("create_token", "admin")
"""


def manage(site: Site, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command of the site's web room, run with the settings that its site was started with."""
    ports = {
        "WEB_PORT": site.url.rpartition(":")[2],
        "WORKER_PORT": site.engine_url.rpartition(":")[2],
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT / "web-application",
        env=clean_environment(CATTUBE_DATA=str(site.data), **ports, **settings),
        capture_output=True,
        text=True,
        check=False,
    )


def let_pages_in(site: Site, **settings: str) -> None:
    """Have the doctor give the site's buckets their CORS rules, where the service has rules of buckets."""
    told = manage(site, "doctor", "--fix", **settings)
    assert "The CORS rule of" in told.stdout, told.stdout + told.stderr


@dataclass(frozen=True, kw_only=True)
class BegunUpload:
    """A file that is announced to the engine. address: takes its bytes."""

    video_id: str
    assembly_id: str
    engine: Engine
    address: str


@dataclass(frozen=True)
class ApiClient:
    """The API of one site, for one user."""

    site: Site
    token: str

    def call(self, method: str, path: str, **fields: Any) -> Any:
        """The JSON that a call answers, None for none. Raises httpx.HTTPStatusError."""
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.site.url}/api{path}"
        answer = httpx.request(
            method, url, headers=headers, json=fields or None, timeout=LONGEST_CALL_SECONDS
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def upload(self, clip: Path) -> tuple[str, str]:
        """Send a file as any Transloadit client does; the ids of its video and its Assembly."""
        begun = self.begin_upload(clip)
        begun.engine.send(begun.address, clip)
        return begun.video_id, begun.assembly_id

    def begin_upload(self, clip: Path) -> BegunUpload:
        """An upload of the file, to which no byte has been sent."""
        made = self.call("POST", "/uploads", title=clip.stem, size_bytes=clip.stat().st_size)
        options = made["assembly"]
        form = {
            "params": options["params"],
            "signature": options["signature"],
            "num_expected_upload_files": "1",
        }
        created = httpx.post(f"{options['service']}/assemblies", data=form)
        created.raise_for_status()
        status = created.json()
        engine = Engine(options["service"], 0)
        return BegunUpload(
            video_id=made["video"]["id"],
            assembly_id=status["assembly_id"],
            engine=engine,
            address=engine.create_upload(status, clip.name, clip.stat().st_size),
        )

    def wait_until(self, video_id: str, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The video once it is so, asked for as a page asks."""
        deadline = time.monotonic() + SECONDS_TO_FINISH
        while time.monotonic() < deadline:
            video: dict[str, Any] = self.call("GET", f"/videos/{video_id}")
            if is_so(video):
                return video
            time.sleep(POLL_SECONDS)
        raise AssertionError(f"{video_id} did not get there in {SECONDS_TO_FINISH} s")

    def wait_until_finished(self, video_id: str) -> dict[str, Any]:
        """The video once nothing more comes of it."""
        return self.wait_until(video_id, is_finished)


def is_finished(video: dict[str, Any]) -> bool:
    return video["status"] in ("ready", "failed") and video["phase"] is None


def api_client(site: Site) -> ApiClient:
    """The API of the site for `admin`."""
    return ApiClient(site, site.run(_MAKE_TOKEN).strip())
