"""Limits for attempts at a password: how long the next one has to wait. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class AttemptLimit:
    """Failures within WINDOW that are free, and the pause that follows each failure after them.

    pause: doubles with each further failure, up to longest_pause.
    """

    free: int
    pause: timedelta
    longest_pause: timedelta


# Of one name, from the address that its owner last came from: slowed down, and never shut.
AT_HOME = AttemptLimit(10, timedelta(seconds=2), timedelta(seconds=15))
# Of one name, from one other address.
FROM_ELSEWHERE = AttemptLimit(5, timedelta(seconds=30), timedelta(minutes=15))
# Of one name, from all other addresses together.
OF_NAME = AttemptLimit(20, timedelta(seconds=10), timedelta(minutes=5))
# From one address, at all names together.
OF_ADDRESS = AttemptLimit(30, timedelta(seconds=10), timedelta(minutes=5))
# Requests for a link to a new password: for one name, and from one address.
RESETS_OF_NAME = AttemptLimit(3, timedelta(minutes=10), timedelta(hours=1))
RESETS_OF_ADDRESS = AttemptLimit(10, timedelta(minutes=1), timedelta(minutes=30))


def pause_left(failures: Collection[datetime], limit: AttemptLimit, now: datetime) -> timedelta:
    """Time until the next attempt is allowed; zero when it is allowed now."""
    recent = [moment for moment in failures if moment > now - WINDOW]
    over = len(recent) - limit.free
    if over < 0:
        return timedelta(0)
    # The longest pause is far below 2**20 of the first; the bound keeps the number small.
    pause = min(limit.pause * (1 << min(over, 20)), limit.longest_pause)
    return max(timedelta(0), max(recent) + pause - now)
