"""Whether a group of processes has stopped working without having ended."""

from __future__ import annotations

import time
from pathlib import Path

_PROCESSES = Path("/proc")
_LOOKS = 10


class StallDetector:
    """The processor time of a process group, watched from now on.

    seconds: how long none may be used until the group counts as standing still. Only Linux tells; elsewhere
    nothing ever does.
    """

    def __init__(self, group: int, seconds: float) -> None:
        self._group, self._seconds = group, seconds
        self._ticks: int | None = None
        self._moved_at = self._looked_at = time.monotonic()

    def has_come(self) -> bool:
        """Whether nothing has moved for too long. Costs next to nothing between the few looks there are."""
        now = time.monotonic()
        if now - self._looked_at >= self._seconds / _LOOKS:
            self._looked_at = now
            ticks = _ticks_of(self._group)
            if ticks is None or ticks != self._ticks:
                self._ticks, self._moved_at = ticks, now
        return now - self._moved_at >= self._seconds


def _ticks_of(group: int) -> int | None:
    """The processor time of all processes in the group so far, their ended children's included."""
    ticks = [_ticks(stat, group) for stat in _PROCESSES.glob("[0-9]*/stat")]
    found = [each for each in ticks if each is not None]
    return sum(found) if found else None


def _ticks(stat: Path, group: int) -> int | None:
    try:
        # Behind the name, which may hold anything: proc(5) calls the first of these the third.
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return None  # It has ended in this moment.
    return sum(int(each) for each in fields[11:15]) if int(fields[2]) == group else None
