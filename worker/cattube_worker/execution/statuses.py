"""The status of assemblies, for those who ask once and those who wait for a change."""

from __future__ import annotations

from dataclasses import dataclass

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.status.document import StatusView
from cattube_worker.assemblies.turns import Turns
from cattube_worker.database import Database
from cattube_worker.execution.change_signal import ChangeSignal
from cattube_worker.execution.slots import Slots


@dataclass(frozen=True, kw_only=True)
class Statuses:
    """Status documents.

    turns: of the people whose jobs wait. watchers: slots for the requests that wait for changes.
    """

    database: Database
    view: StatusView
    turns: Turns
    changes: ChangeSignal
    watchers: Slots

    def document(self, assembly_id: str) -> dict[str, object]:
        """The assembly's status document. Raises AssemblyNotFound."""
        with self.database.read() as session:
            return self.view.document(repository.snapshot(session, assembly_id, self.turns))

    def is_canceled_by_page(self, assembly_id: str) -> bool:
        """True when the page that uploads cancelled the assembly. Raises AssemblyNotFound."""
        with self.database.read() as session:
            return lifecycle.is_canceled_by_page(repository.get(session, assembly_id))
