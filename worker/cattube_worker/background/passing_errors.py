"""Errors that pass by themselves, such as a database that is away: each is logged once until it is over."""

from __future__ import annotations

import logging
import threading

from cattube_worker.errors import AssemblyError

log = logging.getLogger(__name__)


class PassingErrors:
    """The errors that keep the works of this process waiting now, by the name of the work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: dict[str, str] = {}

    def note(self, name: str, error: AssemblyError) -> None:
        """The work met the error, and is going to try again."""
        with self._lock:
            is_known = str(error) in self._messages.values()
            self._messages[name] = str(error)
        if not is_known:
            log.warning("%s waits: %s", name, error)

    def clear(self, name: str) -> None:
        """The work was done."""
        with self._lock:
            message = self._messages.pop(name, None)
            is_over = message is not None and message not in self._messages.values()
        if is_over:
            log.warning("it is over: %s", message)
