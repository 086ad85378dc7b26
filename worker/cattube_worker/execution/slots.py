"""Slots for requests that hold a thread for long: those that send, fetch, or wait for changes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from cattube_worker.errors import TryLater


class Slots:
    """Slots of which one holder gets a share at most, so that others find some.

    most: slots in all. share: of one holder, from 0 to 1; it is one slot at least.
    """

    def __init__(self, most: int, *, share: float) -> None:
        self._most, self._most_of_one = most, max(1, int(most * share))
        self._lock = threading.Lock()
        self._taken, self._by_holder = 0, Counter[str]()

    def take(self, holders: Iterable[str]) -> bool:
        """Take a slot that counts for each of the holders, and tell if there was one."""
        holders = tuple(holders)
        with self._lock:
            is_too_many = any(self._by_holder[holder] >= self._most_of_one for holder in holders)
            if self._taken >= self._most or is_too_many:
                return False
            self._taken += 1
            self._by_holder.update(holders)
            return True

    @contextmanager
    def hold(self, holders: Iterable[str], refusal: str) -> Iterator[None]:
        """Hold a slot that counts for each of the holders. Raises TryLater, saying `refusal`, without one."""
        holders = tuple(holders)
        if not self.take(holders):
            # 503, not 429: tus clients other than Uppy take a 429 as final.
            raise TryLater(refusal)
        try:
            yield
        finally:
            self.give_back(holders)

    def give_back(self, holders: Iterable[str]) -> None:
        """Give back a slot that was taken for these holders."""
        with self._lock:
            self._taken -= 1
            self._by_holder.subtract(tuple(holders))
            self._by_holder = +self._by_holder
