"""Waiting for what the hosts do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
POLL_SECONDS = 0.05


class WaitedInVain(Exception):
    """What was waited for did not happen; the message says what."""


def wait_for(
    what: str, look: Callable[[], T | None], *, seconds: float, poll_seconds: float = POLL_SECONDS
) -> T:
    """The first answer that is neither None nor false nor empty. Raises WaitedInVain."""
    deadline = time.monotonic() + seconds
    while not (answer := look()):
        if time.monotonic() > deadline:
            raise WaitedInVain(f"{what}: not within {seconds:.0f} s")
        time.sleep(poll_seconds)
    return answer
