"""Verdicts on messages that could not be applied: try again, or put aside. Pure."""

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError

from cattube.errors import NotFound, SiteBusy, SiteError

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 60.0
# Of a video that is not on record: the message may have overtaken it, by moments.
UNKNOWN_TRIES = 4
# About ten minutes; brokers do not wait for ever for a message to be done.
MOST_TRIES = 17


def pause_after(error: Exception, tries: int) -> float | None:
    """Seconds until the message is tried again after so many tries; None when it never can be applied."""
    if tries >= _most_tries(error):
        return None
    doublings = min(tries - 1, 10)
    return float(min(FIRST_PAUSE_SECONDS * (1 << doublings), LONGEST_PAUSE_SECONDS))


def reason_of(error: Exception) -> str:
    """Why the message was put aside, for whoever looks at the dead letters."""
    if isinstance(error, SiteError):
        return f"{error.code}: {error}"
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:300]}"


def _most_tries(error: Exception) -> float:
    match error:
        case NotFound():
            return UNKNOWN_TRIES
        case SiteBusy():
            return MOST_TRIES
        case SiteError() | SuspiciousOperation():
            return 1
        case OperationalError() | InterfaceError():
            # The database is away: no other message could be applied either.
            return float("inf")
        case _:
            return MOST_TRIES
