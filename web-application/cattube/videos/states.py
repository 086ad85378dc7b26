"""The states of a video and which may follow which. Pure."""

from django.db.models import TextChoices


class Status(TextChoices):
    UPLOADING = "uploading", "Uploading"
    PROCESSING = "processing", "Processing"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


# Forward only. The way back from an end is a new attempt, which the owner asks for (videos/retry.py).
MAY_FOLLOW: dict[str, frozenset[str]] = {
    Status.UPLOADING: frozenset({Status.UPLOADING, Status.PROCESSING, Status.READY, Status.FAILED}),
    Status.PROCESSING: frozenset({Status.PROCESSING, Status.READY, Status.FAILED}),
    Status.READY: frozenset(),
    Status.FAILED: frozenset(),
}


def may_follow(now: str, then: str) -> bool:
    """Whether a report may move a video from `now` to `then`."""
    return then in MAY_FOLLOW[now]
