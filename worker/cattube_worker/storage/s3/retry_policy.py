"""Retry policy for calls to a bucket service: number of attempts and waits in between."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """Exponential backoff with jitter: waits double up to the longest, and half of each is random.

    With these defaults a call is repeated for two to four minutes: B2 answers 503 whenever the next attempt
    is to reach another server, and its documentation says that three attempts are too few.
    """

    attempts: int = 10
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    sleep: Callable[[float], None] = field(default_factory=lambda: time.sleep)

    def call(self, attempt: Callable[[], T], *, is_transient: Callable[[Exception], bool]) -> T:
        """Result of the attempt that succeeds.

        is_transient: tells if an error may be gone next time. Raises what the last attempt raised.
        """
        wait_seconds = self.first_wait_seconds
        for _ in range(self.attempts - 1):
            try:
                return attempt()
            except Exception as error:
                if not is_transient(error):
                    raise
            self.sleep(wait_seconds * random.uniform(0.5, 1))  # noqa: S311 - no secret
            wait_seconds = min(2 * wait_seconds, self.longest_wait_seconds)
        return attempt()
