"""The states of a video and which may follow which. Pure."""

from django.db.models import TextChoices


class Status(TextChoices):
    UPLOADING = "uploading", "Uploading"
    PROCESSING = "processing", "Processing"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


# What there is to wait for before there is something to watch.
UNFINISHED = (Status.UPLOADING, Status.PROCESSING)
# The phase of a video that can be watched while more of it is still being made.
IMPROVING = "improving"

# Forward only. The way back from an end is a new attempt, which the owner asks for (processing/retry.py).
MAY_FOLLOW: dict[str, frozenset[str]] = {
    Status.UPLOADING: frozenset({Status.UPLOADING, Status.PROCESSING, Status.READY, Status.FAILED}),
    Status.PROCESSING: frozenset({Status.PROCESSING, Status.READY, Status.FAILED}),
    Status.READY: frozenset({Status.READY}),
    Status.FAILED: frozenset(),
}


def may_follow(now: str, then: str) -> bool:
    """Whether a report may move a video from `now` to `then`, unless it is settled."""
    return then in MAY_FOLLOW[now]


def is_settled(status: str, phase: str) -> bool:
    """Whether nothing more can come: an end, and no work is under way to better it."""
    return status not in UNFINISHED and not phase
