"""Other hosts that requests about uploads are handed on to: places for those that wait, and who is away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from cattube_worker.clock import Clock
from cattube_worker.execution.slots import Slots
from cattube_worker.tus.protocol import UploadLocked

# Of the threads that are kept for what is answered at once; and how many one owner or address may take.
MOST_WAITING, SHARE = 8, 1 / 2
# So long after it failed a host is not asked again.
AWAY_SECONDS = 5.0


class OtherHosts:
    """What this process knows of the hosts that it hands requests on to, by their addresses."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._places = Slots(MOST_WAITING, share=SHARE)
        self._failed_at: dict[str, float] = {}

    @contextmanager
    def waiting(self, holders: Iterable[str]) -> Iterator[None]:
        """Hold a place for a request without a body. Raises UploadLocked without one."""
        holders = tuple(holders)
        if not self._places.take(holders):
            raise UploadLocked("Too many requests wait for other hosts. Try again in a moment.")
        try:
            yield
        finally:
            self._places.give_back(holders)

    def check(self, url: str) -> None:
        """Raise UploadLocked if that host failed a moment ago: nobody waits for it once more."""
        if 0 <= self._clock() - self._failed_at.get(url, float("-inf")) < AWAY_SECONDS:
            raise away()

    def failed(self, url: str) -> None:
        """Remember that the host did not answer."""
        self._failed_at[url] = self._clock()


def away() -> UploadLocked:
    """423, which clients try again."""
    return UploadLocked("The host that has this upload is away. Try again in a moment.")
