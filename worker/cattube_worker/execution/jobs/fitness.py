"""Fitness of this host for jobs that another could run as well."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

# Longer than a job waits that this host was not fit for: another is to take it meanwhile. A host that fails
# all jobs at once is the fastest to take them.
REST_SECONDS = 30.0


@dataclass
class Fitness:
    """Whether this host takes jobs. monotonic: seconds of a clock that nobody sets."""

    monotonic: Callable[[], float] = time.monotonic
    _rests_until: float = 0.0

    def rest(self) -> None:
        """Take no job for a while: the last one failed for want of what this host should have."""
        self._rests_until = self.monotonic() + REST_SECONDS

    @property
    def is_fit(self) -> bool:
        return self.monotonic() >= self._rests_until
