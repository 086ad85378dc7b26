"""A signal to those who watch an assembly: something about it changed."""

from __future__ import annotations

import threading
from collections import defaultdict


class ChangeSignal:
    """A counter per watched assembly that watchers wait on.

    Only a hint within this process: a watcher must ask the database anyway from time to time, because
    another process may have done the work.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._watchers: defaultdict[str, int] = defaultdict(int)
        self._counts: defaultdict[str, int] = defaultdict(int)
        self.is_closed = False

    def publish(self, assembly_id: str) -> None:
        """Wake those who watch the assembly."""
        with self._condition:
            if assembly_id in self._watchers:
                self._counts[assembly_id] += 1
                self._condition.notify_all()

    def watch(self, assembly_id: str) -> Watch:
        return Watch(self, assembly_id)

    def close(self) -> None:
        """Wake all watchers, for good: the engine stops."""
        with self._condition:
            self.is_closed = True
            self._condition.notify_all()


class Watch:
    """One watcher's view of one assembly, to be used in a with block."""

    def __init__(self, changes: ChangeSignal, assembly_id: str) -> None:
        self._changes, self._assembly_id, self._seen = changes, assembly_id, 0

    def __enter__(self) -> Watch:
        with self._changes._condition:
            self._changes._watchers[self._assembly_id] += 1
            self._seen = self._changes._counts[self._assembly_id]
        return self

    def __exit__(self, *_: object) -> None:
        with self._changes._condition:
            self._changes._watchers[self._assembly_id] -= 1
            if not self._changes._watchers[self._assembly_id]:
                del self._changes._watchers[self._assembly_id]
                del self._changes._counts[self._assembly_id]

    def wait(self, timeout_seconds: float) -> bool:
        """Wait until something is published, and tell if it was since the last call."""
        changes = self._changes
        with changes._condition:
            changes._condition.wait_for(
                lambda: changes.is_closed or changes._counts[self._assembly_id] != self._seen, timeout_seconds
            )
            has_changed = changes._counts[self._assembly_id] != self._seen
            self._seen = changes._counts[self._assembly_id]
            return has_changed
