"""Limits on how often one account does a thing, so that a flood of it stops at its source."""

from django.contrib.auth.models import User

from cattube.errors import SiteError
from cattube.window_count import count_in_window

WINDOW_SECONDS = 60
# In one window. Each process counts for itself: these save work, and decide nothing else.
# The editor of captions saves while somebody types.
MOST = {"like": 60, "report": 10, "captions": 60, "long_captions": 20}


class TooFast(SiteError):
    code, status = "TOO_FAST", 429

    def __init__(self, retry_after_seconds: int, message: str = "That was a lot at once.") -> None:
        super().__init__(f"{message} Wait a moment, then try again.")
        self.retry_after_seconds = retry_after_seconds


def refuse_flood(user: User, kind: str) -> None:
    """Count one more action of `kind`, a key of MOST. Raises TooFast above the limit."""
    if count_in_window(f"flood:{kind}:{user.pk}", WINDOW_SECONDS) > MOST[kind]:
        raise TooFast(WINDOW_SECONDS)
