"""The param `await` of a new assembly: how far it has to be before the client gets its answer."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any


class Milestone(Enum):
    """CREATED: at once. ENDED: no job is left. NOTIFIED: the notification was sent too, or given up."""

    CREATED = "created"
    ENDED = "ended"
    NOTIFIED = "notified"


# An assembly ends when its files are stored, so "transcoding" waits for no less than "persisting".
MILESTONES = {
    "transcoding": Milestone.ENDED,
    "persisting": Milestone.ENDED,
    "notification": Milestone.NOTIFIED,
}
BUSY = frozenset({"ASSEMBLY_EXECUTING", "ASSEMBLY_REPLAYING"})


def read_milestone(document: Mapping[str, Any]) -> Milestone:
    """The milestone that `await`, or the older `blocking`, names; CREATED for any other value."""
    value = document.get("await", document.get("blocking"))
    if value is True:
        return Milestone.ENDED
    return MILESTONES.get(value, Milestone.CREATED) if isinstance(value, str) else Milestone.CREATED


def is_reached(milestone: Milestone, status: Mapping[str, Any]) -> bool:
    """True when the client gets its answer.

    While uploads are to come by tus it does: the client sends them only after the answer.
    """
    if milestone is Milestone.CREATED or status.get("ok") == "ASSEMBLY_UPLOADING":
        return True
    if status.get("ok") in BUSY:
        return False
    return milestone is Milestone.ENDED or status["notify_status"] != "processing"
