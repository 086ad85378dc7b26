"""Places for hashing passwords, all taken by others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from cattube.accounts.login import check_places


@contextmanager
def all_taken(*, also_at_home: bool = False) -> Iterator[None]:
    """Others have their passwords hashed meanwhile. also_at_home: in the places of owners too."""
    counts = {check_places._from_elsewhere: check_places.MOST_FROM_ELSEWHERE}
    if also_at_home:
        counts[check_places._at_home] = check_places.MOST_AT_HOME
    with ExitStack() as places:
        for semaphore, count in counts.items():
            for _ in range(count):
                assert semaphore.acquire(blocking=False)
                places.callback(semaphore.release)
        yield
