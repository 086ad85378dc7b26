"""States of a video, and which may follow which. Pure."""

from django.db.models import TextChoices


class Status(TextChoices):
    UPLOADING = "uploading", "Uploading"
    PROCESSING = "processing", "Processing"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


# States before there is something to watch.
UNFINISHED = (Status.UPLOADING, Status.PROCESSING)
# Phase of a video that can be watched while more qualities are made.
IMPROVING = "improving"

# Forward only. After an end comes only a new attempt, which the owner asks for (`start_new_attempt`).
MAY_FOLLOW: dict[str, frozenset[str]] = {
    Status.UPLOADING: frozenset({Status.UPLOADING, Status.PROCESSING, Status.READY, Status.FAILED}),
    Status.PROCESSING: frozenset({Status.PROCESSING, Status.READY, Status.FAILED}),
    Status.READY: frozenset({Status.READY}),
    Status.FAILED: frozenset(),
}


def may_follow(current: str, following: str) -> bool:
    """True when a report may move a video from `current` to `following`, unless it is settled."""
    return following in MAY_FOLLOW[current]


def is_settled(status: str, phase: str) -> bool:
    """True when nothing more can come: the video has ended, and no work on it is under way."""
    return status not in UNFINISHED and not phase
