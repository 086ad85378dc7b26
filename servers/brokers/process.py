"""A broker's process, which tests may stop, kill and start again: its port stays the same."""

from __future__ import annotations

import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import ClassVar, TypeVar

from servers.processes import accepts, free_port, running, wait_until

Process = TypeVar("Process", bound="BrokerProcess")


class BrokerProcess(ABC):
    """A broker with its state in `folder`. what: its name for people."""

    what: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder, self._log = folder, folder / "output"
        self._processes = ExitStack()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Address without a queue, for anybody."""

    @abstractmethod
    def start(self) -> None:
        """Start the broker, with what it had when it ended. Raises ServerUnavailable."""

    def stop(self) -> None:
        """End the broker in peace."""
        self._processes.close()

    def kill(self) -> None:
        """End the broker as a power cut would."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
        self.stop()

    def _start(self, argv: Sequence[str | Path], *, environment: Mapping[str, str] | None = None) -> None:
        self._server = self._run(argv, what=self.what, port=self.port, environment=environment)

    def _run(
        self,
        argv: Sequence[str | Path],
        *,
        what: str,
        port: int,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """A process that takes connections at the port, and ends with the broker."""
        process = self._processes.enter_context(running(argv, log=self._log, environment=environment))
        wait_until(lambda: accepts(port), what=what, process=process, log=self._log)
        return process


@contextmanager
def running_broker(make: Callable[[Path], Process]) -> Iterator[Process]:
    """A broker that runs, with its state in a folder that goes with it. Raises ServerUnavailable."""
    with tempfile.TemporaryDirectory(prefix="cattube-broker-") as name:
        broker = make(Path(name))
        try:
            broker.start()
            yield broker
        finally:
            broker.stop()
