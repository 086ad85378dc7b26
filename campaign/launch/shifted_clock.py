"""A clock that is off, for all that asks Python for the time. Waits and time limits go by another clock."""

from __future__ import annotations

import datetime
import time


def shift_clock(seconds: float) -> None:
    """Have the clock be so far ahead. To be called before other modules take the functions for themselves."""
    right_time, right_time_ns, delta = time.time, time.time_ns, datetime.timedelta(seconds=seconds)

    class Shifted(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Shifted:
            return super().now(tz) + delta

        @classmethod
        def utcnow(cls) -> Shifted:
            return super().now(datetime.UTC).replace(tzinfo=None) + delta

    time.time = lambda: right_time() + seconds
    time.time_ns = lambda: right_time_ns() + int(seconds * 1e9)
    datetime.datetime = Shifted  # type: ignore[misc]
