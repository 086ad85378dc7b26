"""Estimated end of the present work on a video, by its progress so far. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

MIN_ELAPSED = timedelta(seconds=3)
MIN_PERCENT = 3
# Weight of a new measurement: the estimated end comes nearer without jumping about.
SMOOTHING = 0.3


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Estimate of the end.

    since: when the work stood at `from_percent`. ends_at: None while there is too little progress.
    """

    since: datetime | None = None
    from_percent: int = 0
    ends_at: datetime | None = None


def estimate_from(now: datetime, percent: int) -> Estimate:
    """Estimate for new work, for which earlier progress says nothing."""
    return Estimate(since=now, from_percent=percent)


def estimate_after(estimate: Estimate, now: datetime, percent: int) -> Estimate:
    """Estimate once the same work stands at `percent`."""
    if estimate.since is None:
        return estimate_from(now, percent)
    elapsed, progress = now - estimate.since, percent - estimate.from_percent
    if elapsed < MIN_ELAPSED or progress < MIN_PERCENT:
        return estimate
    measured = now + elapsed * (100 - percent) / progress
    last = estimate.ends_at
    ends_at = last + (measured - last) * SMOOTHING if last is not None and last > now else measured
    return replace(estimate, ends_at=ends_at)
