"""The status of assemblies, for those who ask once and those who wait for a change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cattube_worker.assemblies import lifecycle
from cattube_worker.assemblies.jobs.job_queue import queue_position
from cattube_worker.assemblies.jobs.turns import Turns
from cattube_worker.assemblies.repository import Snapshot
from cattube_worker.assemblies.status.document import StatusView
from cattube_worker.database import Database
from cattube_worker.execution.change_signal import ChangeSignal
from cattube_worker.execution.slots import Slots
from cattube_worker.execution.statuses.kept_snapshots import KeptSnapshots


@dataclass(frozen=True, kw_only=True)
class Statuses:
    """Status documents.

    Rows come from `snapshots`, as they are in the database. All else is found out for each document: bytes on
    disk, the live preview, links that expire, and the place in the queue, which other assemblies change.

    turns: of the people whose jobs wait. watchers: slots for the requests that wait for changes.
    """

    database: Database
    snapshots: KeptSnapshots
    view: StatusView
    turns: Turns
    changes: ChangeSignal
    watchers: Slots

    def snapshot(self, assembly_id: str) -> Snapshot:
        """The assembly as it is now. Raises AssemblyNotFound."""
        snapshot = self.snapshots.get(assembly_id)
        if not snapshot.may_be_queued:
            return snapshot
        with self.database.read() as session:
            position = queue_position(session, assembly_id, self.turns)
        return replace(snapshot, queue_position=position)

    def document(self, assembly_id: str) -> dict[str, object]:
        """The assembly's status document. Raises AssemblyNotFound."""
        return self.view.document(self.snapshot(assembly_id))

    def is_canceled_by_page(self, assembly_id: str) -> bool:
        """True when the page that uploads cancelled the assembly. Raises AssemblyNotFound."""
        return lifecycle.is_canceled_by_page(self.snapshots.get(assembly_id).assembly)
