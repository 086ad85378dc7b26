"""Verdicts on announcements that could not be taken on: try again, or put aside. Pure."""

from __future__ import annotations

from sqlalchemy.exc import InterfaceError, OperationalError

from cattube_worker.errors import AssemblyError

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 60.0
# About ten minutes; brokers do not wait for ever for a message to be done.
MOST_TRIES = 17


def pause_after(error: Exception, tries: int) -> float | None:
    """Seconds until the message is tried again after so many tries; None when it never can be used."""
    if tries >= _most_tries(error):
        return None
    doublings = min(tries - 1, 10)
    return float(min(FIRST_PAUSE_SECONDS * (1 << doublings), LONGEST_PAUSE_SECONDS))


def reason_of(error: Exception) -> str:
    """Why the message was put aside, for whoever looks at the dead letters."""
    if isinstance(error, AssemblyError):
        return f"{error.code}: {error}"
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:300]}"


def _most_tries(error: Exception) -> float:
    if isinstance(error, AssemblyError):
        return MOST_TRIES if error.retryable else 1
    if isinstance(error, OperationalError | InterfaceError):
        # The database is away: no other message could be used either.
        return float("inf")
    return MOST_TRIES
