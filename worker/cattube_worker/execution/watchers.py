"""Places for requests that wait for changes. Each holds a thread of the server for a long time."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence


class Watchers:
    """Places of which one holder gets a quarter at most, so that others find some."""

    def __init__(self, most: int) -> None:
        self._most, self._most_of_one = most, max(1, most // 4)
        self._lock = threading.Lock()
        self._taken, self._by_holder = 0, Counter[str]()

    def take(self, holders: Sequence[str]) -> bool:
        """Take a place that counts for each of the holders, and tell if there was one."""
        with self._lock:
            is_too_many = any(self._by_holder[holder] >= self._most_of_one for holder in holders)
            if self._taken >= self._most or is_too_many:
                return False
            self._taken += 1
            self._by_holder.update(holders)
            return True

    def give_back(self, holders: Sequence[str]) -> None:
        """Give back a place that was taken for these holders."""
        with self._lock:
            self._taken -= 1
            self._by_holder.subtract(holders)
            self._by_holder = +self._by_holder
