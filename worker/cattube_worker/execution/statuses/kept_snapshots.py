"""Snapshots of assemblies, kept in memory until something about their assembly changes."""

from __future__ import annotations

import threading
from collections import OrderedDict

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.repository import Snapshot
from cattube_worker.database import Database

# Of all that is kept together: some hundred assemblies, or a few large ones.
MOST_CHARACTERS = 8_000_000


class KeptSnapshots:
    """Snapshots read from the database, or from memory when they are the same.

    The database is asked for the version of the assembly each time, which costs a tenth of the rows. So what
    any process has committed is in the next snapshot. What has not been asked for longest goes first.
    """

    def __init__(self, database: Database, *, most_characters: int = MOST_CHARACTERS) -> None:
        self._database, self._most_characters = database, most_characters
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Snapshot, int]] = OrderedDict()
        self._characters = 0

    def get(self, assembly_id: str) -> Snapshot:
        """The assembly with its rows, without its place in the queue. Raises AssemblyNotFound."""
        kept = self._find(assembly_id)
        if kept is not None and kept.version == self._version_of(assembly_id):
            return kept
        with self._database.read() as session:
            snapshot = repository.snapshot(session, assembly_id)
        self._keep(assembly_id, snapshot)
        return snapshot

    def _version_of(self, assembly_id: str) -> int | None:
        """The version now; None when there is no such assembly any more."""
        with self._database.glance() as connection:
            return connection.scalar(repository.VERSION, {"assembly_id": assembly_id})

    def _find(self, assembly_id: str) -> Snapshot | None:
        with self._lock:
            if assembly_id not in self._kept:
                return None
            self._kept.move_to_end(assembly_id)
            return self._kept[assembly_id][0]

    def _keep(self, assembly_id: str, snapshot: Snapshot) -> None:
        characters = _characters_of(snapshot)
        with self._lock:
            _, replaced = self._kept.pop(assembly_id, (None, 0))
            self._kept[assembly_id] = (snapshot, characters)
            self._characters += characters - replaced
            while self._characters > self._most_characters:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._characters -= dropped


def _characters_of(snapshot: Snapshot) -> int:
    """Length of all its rows as text, about as much as they take in memory."""
    rows = (snapshot.assembly, *snapshot.uploads, *snapshot.jobs, snapshot.last_delivery)
    return sum(len(repr(vars(row))) for row in rows if row is not None) + len(repr(snapshot.files))
