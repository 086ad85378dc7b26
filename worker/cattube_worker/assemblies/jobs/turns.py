"""Turns of people: of those who wait, whoever was served least is next.

It is fair queuing by start tags: who comes anew begins with those who wait, and neither before nor behind
what they got when nobody waited.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies.jobs.turn_round import TurnRound, WaitingJob
from cattube_worker.assemblies.model import Assembly, Job, Upload

# The person whom an assembly belongs to, as was signed; all that name nobody are one person.
OWNER: ColumnElement[str] = func.coalesce(Assembly.owner, "")


class Turns:
    """How often each owner was served by this process. Only an order: what is forgotten harms nobody."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tags: dict[str, int] = {}
        self._present = 0
        # Beside the other, which nobody may hold while the database is asked.
        self._round_lock = threading.Lock()
        self._rounds: dict[Hashable, TurnRound] = {}

    def tag(self, owner: str) -> int:
        """The lower, the sooner it is the owner's turn."""
        with self._lock:
            return self._tag(owner)

    def in_sql(self) -> ColumnElement[int]:
        """The tag of a job's owner, in a statement."""
        with self._lock:
            tags = self._ahead()
            return case(tags, value=Job.owner, else_=self._present) if tags else literal(self._present)

    def is_ahead(self, owner: str) -> bool:
        """Tell if the owner was served more than whoever comes anew."""
        with self._lock:
            return self._tag(owner) > self._present

    def next_job(self, find: Callable[[], Sequence[WaitingJob]], *, known_by: Hashable) -> WaitingJob | None:
        """The job whose turn it is, which may have been taken since it was found; None when none waits.

        find: the first job of each person who waits. known_by: what says which jobs those may be.
        """
        with self._round_lock:
            turn_round = self._rounds.setdefault(known_by, TurnRound())
            return turn_round.next_job(find, tag=self.tag, lowest=self._present)

    def serve(self, owner: str) -> None:
        """Note that something of the owner's begins now."""
        with self._lock:
            self._present = max(self._present, tag := self._tag(owner))
            self._tags[owner] = tag + 1
            self._tags = {name: tag for name, tag in self._tags.items() if tag > self._present}

    def first(self, owners: Mapping[str, str]) -> str:
        """The key whose owner is next; of equals, the first."""
        return min(owners, key=lambda key: self.tag(owners[key]))

    def _ahead(self) -> dict[str, int]:
        return {owner: tag for owner, tag in self._tags.items() if tag > self._present}

    def _tag(self, owner: str) -> int:
        return max(self._present, self._tags.get(owner, 0))


def owners_of(session: Session, upload_ids: Sequence[str]) -> dict[str, str]:
    """OWNER of each of the uploads that is still there."""
    rows = session.execute(select(Upload.id, OWNER).join(Assembly).where(Upload.id.in_(upload_ids)))
    return {row.id: row[1] for row in rows}
