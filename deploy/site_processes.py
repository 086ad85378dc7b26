"""Long-running processes of the site: started, watched, started again, ended."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

SECONDS_TO_READY = 60
SECONDS_TO_STOP = 15
LONGEST_PAUSE_SECONDS = 30
PR_SET_PDEATHSIG = 1
STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
ALL_SIGNALS = STOP_SIGNALS | {signal.SIGCHLD}


class StartError(Exception):
    """One sentence for the person at the terminal; no process was left."""


@dataclass
class SiteProcess:
    """Long-running process of the site, started again whenever it ends.

    withheld: names in the environment that are not for it.
    leftovers: files that it leaves when it is killed, and over which its successor would stumble.
    renewed_every_seconds: it is told so often to put new workers in the place of its own; None is never.
    """

    name: str
    argv: list[str]
    folder: Path
    withheld: tuple[str, ...] = ()
    leftovers: Sequence[Path] = ()
    renewed_every_seconds: float | None = None
    popen: subprocess.Popen[bytes] | None = None
    group: int | None = None
    pause_seconds: float = 1
    started_at: float = 0
    renewed_at: float = 0
    due_at: float = field(default=0)

    def start(self, environment: Mapping[str, str]) -> None:
        self.signal_group(signal.SIGKILL)
        for path in self.leftovers:
            path.unlink(missing_ok=True)
        self.popen = subprocess.Popen(
            self.argv,
            cwd=self.folder,
            env=without(environment, self.withheld),
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        self.group = self.popen.pid
        self.started_at = self.renewed_at = time.monotonic()

    def renew(self, now: float) -> None:
        """Have it put new workers in the place of its own, if it is time."""
        if self.popen is None or self.renewed_every_seconds is None:
            return
        if now - self.renewed_at >= self.renewed_every_seconds:
            self.renewed_at = now
            self.popen.send_signal(signal.SIGHUP)

    def has_ended(self) -> bool:
        return self.popen is not None and self.popen.poll() is not None

    def schedule_restart(self, now: float) -> None:
        """Wait twice as long after each quick death, one second again after a minute of life.

        What it started is asked to end meanwhile: a master that was killed leaves its workers.
        """
        self.signal_group(signal.SIGTERM)
        if now - self.started_at > 60:
            self.pause_seconds = 1
        self.popen, self.due_at = None, now + self.pause_seconds
        self.pause_seconds = min(self.pause_seconds * 2, LONGEST_PAUSE_SECONDS)

    def signal_group(self, number: signal.Signals) -> None:
        """Signal the process and all it started; a group outlives its leader, so an ended one counts too."""
        if self.group is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.group, number)


def without(environment: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: text for name, text in environment.items() if name not in names}


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def is_up(address: str) -> bool:
    """Tell if a server at the address says that it is well.

    Asked over a plain socket: with an HTTP client, and TLS for it, this process would be half as large again.
    """
    url = urlsplit(address)
    question = f"GET /healthz HTTP/1.0\r\nHost: {url.netloc}\r\n\r\n"
    try:
        with (
            socket.create_connection((url.hostname, url.port), timeout=2) as connection,
            connection.makefile("rb") as answer,
        ):
            connection.sendall(question.encode())
            return answer.readline().split()[1:2] == [b"200"]
    except OSError:
        return False


def wait_until_ready(
    processes: list[SiteProcess], addresses: list[str], *, sockets: Sequence[Path] = ()
) -> None:
    """Return once every address answers. Raises StartError when a process ends first or time runs out.

    sockets: of those who answer behind a front, which would complain if it was asked before they are there.
    """
    deadline = time.monotonic() + SECONDS_TO_READY
    while not (all(path.exists() for path in sockets) and all(is_up(address) for address in addresses)):
        for process in processes:
            if process.has_ended():
                raise StartError(f"The {process.name} did not start; its message is above.")
        if time.monotonic() > deadline:
            raise StartError(f"Not ready after {SECONDS_TO_READY} s: {', '.join(addresses)}")
        if signal.sigtimedwait(STOP_SIGNALS, 0.2):
            raise KeyboardInterrupt


def keep_running(processes: list[SiteProcess], environment: Mapping[str, str]) -> None:
    """Start parts again as they end, until a stop signal comes."""
    while True:
        now = time.monotonic()
        for process in processes:
            if process.has_ended():
                process.schedule_restart(now)
                print(f"The {process.name} ended; starting it again.", file=sys.stderr, flush=True)
            elif process.popen is None and now >= process.due_at:
                process.start(environment)
            else:
                process.renew(now)
        caught = signal.sigtimedwait(
            ALL_SIGNALS, 1 if any(process.popen is None for process in processes) else 60
        )
        if caught and caught.si_signo in STOP_SIGNALS:
            return


def stop(processes: list[SiteProcess]) -> None:
    """End every process and what it started: asked first, killed after SECONDS_TO_STOP."""
    for process in processes:
        process.signal_group(signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_STOP
    while time.monotonic() < deadline and any(p.popen and not p.has_ended() for p in processes):
        signal.sigtimedwait({signal.SIGCHLD}, 0.2)
    for process in processes:
        process.signal_group(signal.SIGKILL)
        if process.popen is not None:
            process.popen.wait()
