"""Tansu: a broker that speaks Kafka's protocol, from a wheel, where no Maven can bring Apache Kafka.

A real one, but a lesser: it lets everybody in, and what it keeps goes with its process.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from servers.processes import accepts, free_port, require, running, wait_until


@contextmanager
def tansu() -> Iterator[Tansu]:
    """A running Tansu on the loopback interface. Raises ServerUnavailable."""
    require("tansu", install="make .venv/stamps/tansu")
    with tempfile.TemporaryDirectory(prefix="cattube-tansu-") as name:
        broker = Tansu(Path(name))
        try:
            broker.start()
            yield broker
        finally:
            broker.stop()


class Tansu:
    """One broker, whose log is in `folder`. Its port stays the same."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._log = folder / "output"
        self._processes = ExitStack()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address without a topic."""
        return f"kafka://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the broker, with nothing in it. Raises ServerUnavailable."""
        address = f"tcp://127.0.0.1:{self.port}"
        argv = ["tansu", "broker", "--listener-url", address, "--advertised-listener-url", address]
        self._server = self._processes.enter_context(running(argv, log=self._log))
        wait_until(lambda: accepts(self.port), what="Tansu", process=self._server, log=self._log)

    def stop(self) -> None:
        """End the broker in peace."""
        self._processes.close()

    def kill(self) -> None:
        """End the broker as a power cut would."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
        self.stop()
