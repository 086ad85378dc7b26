"""The servers that the bench measures: our engine under gunicorn, our whole site, tus servers of others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
from e2e.engine import KEY, SECRET, Engine
from e2e.site import ROOT, Site, clean_environment, start_site
from servers.processes import free_port, leash

# Built by `make bench` where Go is on the machine.
TUSD = ROOT / "bench" / ".tusd" / "tusd"


@contextmanager
def running_engine(data: Path, **settings: str) -> Iterator[Engine]:
    """Our engine on a state folder of its own. settings: beside, or in the place of, those given here."""
    own = {
        "CATTUBE_DATA": str(data),
        "WORKER_PORT": str(free_port()),
        "TRANSLOADIT_KEY": KEY,
        "TRANSLOADIT_SECRET": SECRET,
    }
    environment = clean_environment(**{**own, **settings})
    argv = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "app:app"]
    with _running(argv, ROOT / "worker", environment) as process:
        address = f"http://127.0.0.1:{environment['WORKER_PORT']}"
        _wait_for(f"{address}/healthz")
        yield Engine(address, process.pid)


@contextmanager
def running_site(data: Path, **settings: str) -> Iterator[Site]:
    """All that `make run` starts, on a state folder of its own. settings: as for the engine."""
    site = start_site(data, **settings)
    try:
        yield site
    finally:
        site.stop()


@contextmanager
def running_node(folder: Path) -> Iterator[Engine]:
    """The official Node tus server, as an address and a process to measure. Files: below `/files`."""
    port = free_port()
    environment = clean_environment(PORT=str(port), TUS_DIR=str(folder))
    argv = ["node", str(ROOT / "bench" / "yardsticks" / "tus-reference.mjs")]
    with _running(argv, ROOT / "bench", environment) as process:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield Engine(address, process.pid)


@contextmanager
def running_tusd(folder: Path) -> Iterator[Engine]:
    """The official tus server in Go, likewise, with its defaults."""
    port = free_port()
    argv = [str(TUSD), "-host", "127.0.0.1", "-port", str(port), "-base-path", "/files"]
    with _running([*argv, "-upload-dir", str(folder)], folder, clean_environment()) as process:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield Engine(address, process.pid)


def running_bare(answer: Path) -> AbstractContextManager[Engine]:
    """Flask under gunicorn with as many threads as the engine, which gives one and the same answer to all."""
    return _running_yardstick("bare_flask:app", answer, threads=184)


def running_bare_django(answer: Path) -> AbstractContextManager[Engine]:
    """Django under gunicorn with as many threads as the site, which gives one and the same answer to all."""
    return _running_yardstick("bare_django:app", answer, threads=16)


@contextmanager
def _running_yardstick(app: str, answer: Path, *, threads: int) -> Iterator[Engine]:
    port = free_port()
    environment = clean_environment(ANSWER=str(answer))
    limits = ["-k", "gthread", "--threads", str(threads), "--keep-alive", "5", "--worker-connections", "1000"]
    argv = [sys.executable, "-m", "gunicorn", *limits, "--no-control-socket", "-b", f"127.0.0.1:{port}", app]
    with _running(argv, ROOT / "bench" / "yardsticks", environment) as process:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield Engine(address, process.pid)


@contextmanager
def _running(argv: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [*leash(None), *argv], cwd=folder, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing answers at {address}")
