"""How often a bucket service is called before that counts as failed, and the waits in between."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """Waits double from the first to the longest; half of each is left to chance, lest all come at once.

    With these defaults a call goes on for two to four minutes: B2 answers 503 whenever it wants the next
    attempt to go elsewhere, and says that three attempts are too few.
    """

    attempts: int = 10
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    sleep: Callable[[float], None] = field(default_factory=lambda: time.sleep)

    def call(self, act: Callable[[], T], *, is_passing: Callable[[Exception], bool]) -> T:
        """What `act` answers, in the end. is_passing: whether an error may be gone next time.

        Raises what `act` raised last.
        """
        wait_seconds = self.first_wait_seconds
        for _ in range(self.attempts - 1):
            try:
                return act()
            except Exception as error:
                if not is_passing(error):
                    raise
            self.sleep(wait_seconds * random.uniform(0.5, 1))  # noqa: S311 - no secret
            wait_seconds = min(2 * wait_seconds, self.longest_wait_seconds)
        return act()
