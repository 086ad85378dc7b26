"""When the present work on a video will be done, judged by how fast it went so far. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LEAST_TIME = timedelta(seconds=3)
LEAST_PERCENT = 3
# Of what a new measurement says, so much is believed: an end in sight comes nearer, it does not jump about.
TRUST = 0.3


@dataclass(frozen=True, kw_only=True)
class Pace:
    """since: when the work stood at `from_percent`. ends_at: None while there is no ground for a number."""

    since: datetime | None = None
    from_percent: int = 0
    ends_at: datetime | None = None


def pace_from(now: datetime, percent: int) -> Pace:
    """Other work begins, and what went before says nothing about it."""
    return Pace(since=now, from_percent=percent)


def pace_after(pace: Pace, now: datetime, percent: int) -> Pace:
    """The pace once the same work stands at `percent`."""
    if pace.since is None:
        return pace_from(now, percent)
    taken, done = now - pace.since, percent - pace.from_percent
    if taken < LEAST_TIME or done < LEAST_PERCENT:
        return pace
    measured = now + taken * (100 - percent) / done
    known = pace.ends_at
    ends_at = known + (measured - known) * TRUST if known is not None and known > now else measured
    return replace(pace, ends_at=ends_at)
