"""Clock of a program's work, which stands still while the program does."""

from __future__ import annotations

import time
from collections.abc import Callable


class WorkClock:
    """Seconds that a program has had to work since the clock was made.

    now: seconds of a clock that nobody sets, as time.monotonic is.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seconds, self._since = 0.0, now()
        self.is_stopped = False

    def __call__(self) -> float:
        return self._seconds if self.is_stopped else self._seconds + self._now() - self._since

    def stop(self) -> None:
        """Stand still from now on; a clock that stands still already is left alone."""
        self._seconds, self.is_stopped = self(), True

    def go_on(self) -> None:
        """Go on from the second at which the clock was stopped."""
        if self.is_stopped:
            self._since, self.is_stopped = self._now(), False
