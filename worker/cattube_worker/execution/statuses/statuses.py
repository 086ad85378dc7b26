"""The status of assemblies, for those who ask once and those who wait for a change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cattube_worker.assemblies import lifecycle
from cattube_worker.assemblies.hosts.held_jobs import is_held
from cattube_worker.assemblies.jobs.job_queue import queue_position
from cattube_worker.assemblies.jobs.turns import Turns
from cattube_worker.assemblies.repository import Snapshot
from cattube_worker.assemblies.status.document import StatusView
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.execution.change_signal import ChangeSignal
from cattube_worker.execution.slots import Slots
from cattube_worker.execution.statuses.kept_snapshots import KeptSnapshots


@dataclass(frozen=True, kw_only=True)
class Statuses:
    """Status documents.

    Rows come from `snapshots`, as they are in the database. All else is found out for each document: bytes on
    disk, the live preview, links that expire, the place in the queue, which other assemblies change, and
    whether a host is there that takes jobs.

    turns: of the people whose jobs wait. watchers: slots for the requests that wait for changes. has_hosts:
    there may be other hosts than this one.
    """

    database: Database
    clock: Clock
    snapshots: KeptSnapshots
    view: StatusView
    turns: Turns
    changes: ChangeSignal
    watchers: Slots
    has_hosts: bool = False

    def snapshot(self, assembly_id: str) -> Snapshot:
        """The assembly as it is now. Raises AssemblyNotFound."""
        snapshot = self.snapshots.get(assembly_id)
        may_be_held = self.has_hosts and snapshot.may_be_held
        if not (snapshot.may_be_queued or may_be_held):
            return snapshot
        with self.database.read() as session:
            return replace(
                snapshot,
                queue_position=(
                    queue_position(session, assembly_id, self.turns) if snapshot.may_be_queued else None
                ),
                is_held=may_be_held and is_held(session, assembly_id, now=self.clock()),
            )

    def document(self, assembly_id: str) -> dict[str, object]:
        """The assembly's status document. Raises AssemblyNotFound."""
        return self.view.document(self.snapshot(assembly_id))

    def is_canceled_by_page(self, assembly_id: str) -> bool:
        """True when the page that uploads cancelled the assembly. Raises AssemblyNotFound."""
        return lifecycle.is_canceled_by_page(self.snapshots.get(assembly_id).assembly)
