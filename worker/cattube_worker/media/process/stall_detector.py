"""Detector of a process group that uses no processor time although it has not ended."""

from __future__ import annotations

import time
from pathlib import Path

_PROCESSES = Path("/proc")
_CHECKS = 10


class StallDetector:
    """Detector that reads the processor time of a process group, from now on.

    seconds: time without any after which the group counts as stalled. Only Linux has `/proc`; elsewhere no
    group ever does.
    """

    def __init__(self, group: int, seconds: float) -> None:
        self._group, self._seconds = group, seconds
        self._ticks: int | None = None
        self._progress_at = self._checked_at = time.monotonic()

    def is_stalled(self) -> bool:
        """Tell if the group used no processor for too long. Reads `/proc` ten times in that time at most."""
        now = time.monotonic()
        if now - self._checked_at >= self._seconds / _CHECKS:
            self._checked_at = now
            ticks = _ticks_of(self._group)
            if ticks is None or ticks != self._ticks:
                self._ticks, self._progress_at = ticks, now
        return now - self._progress_at >= self._seconds


def _ticks_of(group: int) -> int | None:
    """Processor time of all processes in the group so far, with that of their children that ended."""
    all_ticks = [_ticks(stat, group) for stat in _PROCESSES.glob("[0-9]*/stat")]
    of_group = [ticks for ticks in all_ticks if ticks is not None]
    return sum(of_group) if of_group else None


def _ticks(stat: Path, group: int) -> int | None:
    try:
        # Behind the name, which may hold any character: proc(5) counts the first of these as the third.
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return None  # It has ended in this moment.
    return sum(map(int, fields[11:15])) if int(fields[2]) == group else None
