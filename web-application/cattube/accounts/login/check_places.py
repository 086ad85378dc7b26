"""Places for those whose password is hashed, which takes a processor for most of a second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from cattube.accounts.login.attempts import TooManyAttempts

# So many hashes at a time leave threads, and what a small machine can compute, to those who watch. Whoever is
# at home has places of their own, which no stranger takes.
MOST_AT_HOME = 2
MOST_FROM_ELSEWHERE = 2
PAUSE = timedelta(seconds=2)

_at_home = threading.BoundedSemaphore(MOST_AT_HOME)
_from_elsewhere = threading.BoundedSemaphore(MOST_FROM_ELSEWHERE)
_has_place = ContextVar("has_place", default=False)


@contextmanager
def check_place(*, is_home: bool) -> Iterator[None]:
    """A place while the block runs, unless the request has one already.

    Raises TooManyAttempts when there is none: who waits holds a thread.
    """
    if _has_place.get():
        yield
        return
    places = _at_home if is_home else _from_elsewhere
    if not places.acquire(blocking=False):
        raise TooManyAttempts(PAUSE)
    token = _has_place.set(True)
    try:
        yield
    finally:
        _has_place.reset(token)
        places.release()
