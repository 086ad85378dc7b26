"""Detector of a process group that uses no processor time although it has not ended."""

from __future__ import annotations

import time
from collections.abc import Callable

from cattube_worker.media.process.process_group import stats_of

_CHECKS = 10


class StallDetector:
    """Detector that reads the processor time of a process group, from now on.

    seconds: time without any after which the group counts as stalled, by `clock`. Only Linux has `/proc`;
    elsewhere no group ever does.
    """

    def __init__(self, group: int, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._group, self._seconds, self._clock = group, seconds, clock
        self._ticks: int | None = None
        self._progress_at = self._checked_at = clock()

    def is_stalled(self) -> bool:
        """Tell if the group used no processor for too long. Reads `/proc` ten times in that time at most."""
        now = self._clock()
        if now - self._checked_at >= self._seconds / _CHECKS:
            self._checked_at = now
            ticks = _ticks_of(self._group)
            if ticks is None or ticks != self._ticks:
                self._ticks, self._progress_at = ticks, now
        return now - self._progress_at >= self._seconds


def _ticks_of(group: int) -> int | None:
    """Processor time of all processes in the group so far, with that of their children that ended."""
    ticks = [sum(map(int, fields[11:15])) for _, fields in stats_of(group)]
    return sum(ticks) if ticks else None
