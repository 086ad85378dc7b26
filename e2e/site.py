"""A whole site of its own, started as `make run` starts it, on free ports and an empty state folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers.processes import free_port
from servers.procfs import arguments, environment, processes

from e2e.site_shell import SiteShell

ROOT = Path(__file__).resolve().parent.parent
ADMIN_PASSWORD = "only-for-this-test-run"
PATIENCE_SECONDS = 300
# What the project's own settings read; a test's site must not inherit them from the developer's shell.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "CI", "PIP_", "SSL_", "http_proxy", "https_proxy")


def clean_environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.startswith(INHERITED)}
    return kept | settings


@dataclass
class Site:
    """A running site. `output` is what it printed so far, for the message of a failing test."""

    data: Path
    url: str
    engine_url: str
    process: subprocess.Popen[bytes]
    log: Path
    shell: SiteShell

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self) -> int:
        """Ask the site to end, as a service manager would; its exit code."""
        self.shell.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE_SECONDS)

    def run(self, program: str) -> str:
        """What a program prints in the site's web room. Raises RuntimeError with its trace when it fails."""
        return self.shell.run(program)

    def files_in(self, folder: str) -> list[str]:
        """Every file below one folder of the state folder, as sorted relative paths."""
        root = self.data / folder
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    def get_json(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)


def start_site(data: Path, *, python: Sequence[str] = (sys.executable,), **settings: str) -> Site:
    """Start a site and wait until it is ready. Raises RuntimeError with its output when it does not start.

    python: command that runs it, for another Python or another user.
    """
    own = {
        "CATTUBE_DATA": str(data),
        "WEB_PORT": str(free_port()),
        "WORKER_PORT": str(free_port()),
        "CATTUBE_ADMIN_PASSWORD": ADMIN_PASSWORD,
    }
    environment = clean_environment(**{**own, **settings})
    log = data.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*python, str(ROOT / "deploy" / "start.py")],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url, engine_url = (f"http://127.0.0.1:{environment[name]}" for name in ("WEB_PORT", "WORKER_PORT"))
    site = Site(data, url, engine_url, process, log, SiteShell(environment))
    wait_until_ready(site)
    return site


def wait_until_ready(site: Site) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while "CatTube is ready" not in site.output:
        if time.monotonic() > deadline:
            site.process.kill()
        try:
            site.process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
        raise RuntimeError(f"the site did not start:\n{site.output}")


def processes_using(data: Path) -> dict[int, str]:
    """The living processes that belong to the site of this state folder, and their command lines."""
    lines = {
        pid: " ".join(arguments(pid)) for pid in processes() if f"CATTUBE_DATA={data}" in environment(pid)
    }
    return {pid: line for pid, line in lines.items() if line}
