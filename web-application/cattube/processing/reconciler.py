"""The reconciler at work: round after round, in a process or in a thread of its own."""

import itertools
import logging
import threading
from collections.abc import Callable, Iterator

from django.db import Error, close_old_connections, connections
from django.utils import timezone

from cattube.processing.expiry import clear_expired
from cattube.processing.reconcile import HOUSEKEEPING, poll_quiet_videos

log = logging.getLogger(__name__)
PAUSE_SECONDS = 2
# Nobody waits for it.
ROUNDS_PER_HOUSEKEEPING = 5
ROUNDS_PER_DAY = 24 * 3600 // PAUSE_SECONDS
SECONDS_TO_STOP = 5


def watch(pause: Callable[[], bool]) -> None:
    """Reconcile in rounds. pause: waits for the next one, and tells if there is to be one."""
    for number in itertools.count():
        if not pause():
            return
        for task in _tasks(number):
            _attempt(task)


def _tasks(number: int) -> Iterator[Callable[[], object]]:
    """What is to be done in a round."""
    yield lambda: poll_quiet_videos(timezone.now())
    if number % ROUNDS_PER_HOUSEKEEPING == 0:
        yield from HOUSEKEEPING
    if number % ROUNDS_PER_DAY == 0:
        yield clear_expired


def _attempt(task: Callable[[], object]) -> None:
    """Do it if it can be done. One task that fails must not end the care for all else."""
    try:
        task()
    except Error:
        log.exception("The database could not be used; trying again")
    except Exception:
        log.exception("The reconciler failed; trying again")
    finally:
        close_old_connections()


class ReconcilerThread:
    """The reconciler beside the requests of one process, which needs a third of the memory of one more."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reconciler", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Have it end after what it is doing, and wait for that a while."""
        self._stop.set()
        self._thread.join(SECONDS_TO_STOP)

    def _run(self) -> None:
        try:
            watch(lambda: not self._stop.wait(PAUSE_SECONDS))
        finally:
            connections.close_all()
