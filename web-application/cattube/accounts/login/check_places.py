"""Places for those whose password is being checked, which takes a processor for most of a second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from cattube.accounts.login.attempts import TooManyAttempts

# So many checks at a time leave threads, and what a small machine can compute, to those who watch. Whoever is
# at home has places of their own, which no stranger takes.
MOST_AT_HOME = 2
MOST_FROM_ELSEWHERE = 2
PAUSE = timedelta(seconds=2)

_at_home = threading.BoundedSemaphore(MOST_AT_HOME)
_from_elsewhere = threading.BoundedSemaphore(MOST_FROM_ELSEWHERE)


@contextmanager
def check_place(*, is_home: bool) -> Iterator[None]:
    """A place while the block runs. Raises TooManyAttempts when there is none: who waits holds a thread."""
    places = _at_home if is_home else _from_elsewhere
    if not places.acquire(blocking=False):
        raise TooManyAttempts(PAUSE)
    try:
        yield
    finally:
        places.release()
