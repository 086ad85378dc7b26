"""Hosts of the site, each a process group of its own that can be killed, stopped and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from e2e.site import ROOT, clean_environment
from servers.processes import leash
from servers.relay import Relay

from campaign.network.namespace import Namespace

LAUNCH = Path(__file__).parent / "launch"
WORKER_ROOM = ROOT / "worker"
_STOP_SECONDS = 60.0


@dataclass
class Host:
    """A host by the name of `name`, with the state in `folder`. environment: its settings."""

    name: str
    folder: Path
    environment: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    @property
    def entry(self) -> Sequence[str]:
        """What goes before each command of the host."""
        return ()

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, and do not wait until it is there."""
        raise NotImplementedError

    def kill(self) -> None:
        """End it and all its programs, as a power cut would."""
        if self._process is not None and self.runs:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        """Ask it to end. Raises TimeoutExpired when it does not."""
        if self._process is not None and self.runs:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(_STOP_SECONDS)

    def _launch(self, argv: Sequence[str], *, room: Path, environment: Mapping[str, str]) -> None:
        own = {"HOST_NAME": self.name, "CATTUBE_DATA": str(self.folder)}
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*leash(None), *self.entry, *argv],
                cwd=room,
                env=clean_environment(**own, **self.environment, **environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


class Ingest(Host):
    """The host to which clients send."""

    def start(self) -> None:
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
        self._launch([*gunicorn, "--pythonpath", str(LAUNCH), "ingest:app"], room=WORKER_ROOM, environment={})


@dataclass(frozen=True)
class Oddity:
    """What is odd about a host. room: the code that it runs. environment: beside its settings."""

    room: Path = WORKER_ROOM
    environment: Mapping[str, str] = field(default_factory=dict)


NOTHING_ODD = Oddity()


@dataclass
class Worker(Host):
    """A worker host, and its ways to the database, the broker, the bucket and the ingest host.

    namespace: its own network; None when it is a process of this machine.
    """

    links: Mapping[str, Relay]
    namespace: Namespace | None
    is_odd: bool = field(default=False, init=False)

    @property
    def entry(self) -> Sequence[str]:
        return self.namespace.entry if self.namespace else ()

    def start(self, oddity: Oddity = NOTHING_ODD) -> None:
        self.is_odd = oddity is not NOTHING_ODD
        environment = {"PYTHONPATH": f"{oddity.room}:{ROOT}", **oddity.environment}
        argv = [sys.executable, str(LAUNCH / "worker.py")]
        self._launch(argv, room=oddity.room, environment=environment)

    def heal(self) -> None:
        for link in self.links.values():
            link.heal()
        if self.namespace:
            self.namespace.heal()
