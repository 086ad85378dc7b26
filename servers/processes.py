"""Start the processes of a server, wait until they answer, and see that they end."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 90.0
SECONDS_TO_STOP = 20.0
_POLL_SECONDS = 0.05
_LONGEST_EXCERPT = 2000
# Below those that Linux gives to connections, of which tests open thousands while a server starts, and above
# those that Chromium does not open.
_PORTS = range(11_000, 32_768)
_given_ports: set[int] = set()


class ServerUnavailable(Exception):
    """The server is not installed or did not start; the message says what to do or what it said."""


def free_port() -> int:
    """A port of the loopback interface that nothing uses now, nor any connection will that goes out."""
    while True:
        port = secrets.choice(_PORTS)
        if port in _given_ports:
            continue
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _given_ports.add(port)
            return port


def require(*programs: str, install: str) -> None:
    """Raise ServerUnavailable unless all programs are on PATH. install: the command that brings them."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        raise ServerUnavailable(f"{', '.join(missing)}: not found. Install it: {install}")


@contextmanager
def running(
    argv: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that lives as long as the block, and never longer than this process.

    log: gets all it prints. environment: beside this process's own. user: to run as, when we are root.
    stop_signal: what ends it in peace.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*leash(user), *map(str, argv)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
        )
    try:
        yield process
    finally:
        _end(process, stop_signal)


def wait_until(
    is_ready: Callable[[], bool], *, what: str, process: subprocess.Popen[bytes], log: Path
) -> None:
    """Return once `is_ready` says so. Raises ServerUnavailable with the end of the log when it never does."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            excerpt = log.read_text(errors="replace")[-_LONGEST_EXCERPT:]
            raise ServerUnavailable(f"{what} did not start. It said:\n{excerpt}")
        time.sleep(_POLL_SECONDS)


def accepts(port: int) -> bool:
    """Whether something listens on the port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def leash(user: str | None) -> list[str]:
    """What goes before a command so that it dies with us; only Linux has that."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return []
    identity = [f"--reuid={user}", f"--regid={_group(user)}", "--init-groups"] if user else []
    return [setpriv, "--pdeathsig", "KILL", *identity]


def _group(user: str) -> int:
    return pwd.getpwnam(user).pw_gid


def _end(process: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    process.send_signal(stop_signal)
    try:
        process.wait(timeout=SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
