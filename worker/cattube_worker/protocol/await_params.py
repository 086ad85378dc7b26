"""How far an assembly is to be before a client that asked to wait gets its answer."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any


class Milestone(Enum):
    """MADE: it exists. ENDED: nothing is left to do. NOTIFIED: and the notification was sent, or given up."""

    MADE = "made"
    ENDED = "ended"
    NOTIFIED = "notified"


# Here files are stored in the same stroke as the last of them is made, so both words mean the end.
AWAITED = {
    "transcoding": Milestone.ENDED,
    "persisting": Milestone.ENDED,
    "notification": Milestone.NOTIFIED,
}
BUSY = frozenset({"ASSEMBLY_EXECUTING", "ASSEMBLY_REPLAYING"})


def read_milestone(document: Mapping[str, Any]) -> Milestone:
    """What `await`, or the older `blocking`, asks for; anything else asks for nothing."""
    asked = document.get("await", document.get("blocking"))
    if asked is True:
        return Milestone.ENDED
    return AWAITED.get(asked, Milestone.MADE) if isinstance(asked, str) else Milestone.MADE


def is_reached(milestone: Milestone, status: Mapping[str, Any]) -> bool:
    """Whether there is nothing left to wait for.

    While uploads are to come by tus nobody waits: the client sends them only after it got its answer.
    """
    if milestone is Milestone.MADE or status.get("ok") == "ASSEMBLY_UPLOADING":
        return True
    if status.get("ok") in BUSY:
        return False
    return milestone is Milestone.ENDED or status["notify_status"] != "processing"
