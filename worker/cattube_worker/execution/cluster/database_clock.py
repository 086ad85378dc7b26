"""The clock of the database, which all hosts share."""

from __future__ import annotations

import time

from cattube_worker.clock import Clock


class DatabaseClock(Clock):
    """The time by the database, as far as this host knows how far its own clock is ahead of it.

    Leases are times that other hosts read: one whose clock is an hour off would hold them for an hour, or
    take those of all others.
    """

    def __init__(self) -> None:
        self.offset_seconds = 0.0

    def __call__(self) -> float:
        return time.time() - self.offset_seconds
