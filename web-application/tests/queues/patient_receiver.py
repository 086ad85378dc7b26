"""Messages of a real broker, waited for as long as a busy machine takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from cattube.queues.queue import QueueError, Received, Receiver

Answer = TypeVar("Answer")
# Joining a group, and a broker that starts.
PATIENCE_SECONDS = 300.0


def patiently(ask: Callable[[], Answer | None]) -> Answer:
    """The first answer that is something; errors of a broker that is away are waited out."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = ask()
        except QueueError:
            if time.monotonic() > deadline:
                raise
            answer = None
        if answer:
            return answer
        assert time.monotonic() < deadline, "nothing came in time"


def take(receiver: Receiver) -> Received:
    return patiently(lambda: receiver.receive(1.0))
