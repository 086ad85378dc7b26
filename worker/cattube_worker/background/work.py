"""Work that a thread does again and again, and what becomes of its failures."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from cattube_worker.background.passing_errors import PassingErrors
from cattube_worker.errors import AssemblyError

log = logging.getLogger(__name__)
IDLE_SECONDS = 2.0
# Of all threads: what keeps one waiting keeps others waiting, too.
passing_errors = PassingErrors()


class Work(Protocol):
    """What a thread is for."""

    @property
    def name(self) -> str:
        """Of the work, in the log and in the name of its thread."""
        ...

    def run(self, stop: Event) -> None:
        """Do the work until `stop` is set."""
        ...


@dataclass(frozen=True)
class WorkLoop:
    """Works as long as there is work, and looks for more when woken and every IDLE_SECONDS."""

    name: str
    work: Callable[[], bool]
    wake: Event

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            if not attempt(self.name, self.work):
                self.wake.wait(IDLE_SECONDS)
                self.wake.clear()


@dataclass(frozen=True)
class PeriodicTask:
    """Does its work every so many seconds."""

    name: str
    work: Callable[[], None]
    seconds: float

    def run(self, stop: Event) -> None:
        while not stop.wait(self.seconds):
            attempt(self.name, self.work)


@dataclass(frozen=True)
class TaskUntilDone:
    """Does its work every so many seconds until it says that all is done."""

    name: str
    work: Callable[[], bool]
    seconds: float

    def run(self, stop: Event) -> None:
        while not attempt(self.name, self.work) and not stop.wait(self.seconds):
            pass


def start_thread(work: Work, stop: Event) -> threading.Thread:
    """A thread that does the work until `stop` is set, and does not keep its process from ending."""
    thread = threading.Thread(target=work.run, args=(stop,), name=f"engine-{work.name}", daemon=True)
    thread.start()
    return thread


def attempt(name: str, work: Callable[[], bool | None]) -> bool:
    """Do the work, and tell if there was any. A failure is logged, and the thread lives on."""
    try:
        has_worked = bool(work())
    except AssemblyError as error:
        passing_errors.note(name, error)
        return False
    except Exception:
        log.exception("%s failed; trying again soon", name)
        return False
    passing_errors.clear(name)
    return has_worked
