"""Consumer of the engine's notifications: each is applied, tried again, or put aside with the reason."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from operator import not_
from threading import Event

from django.db import Error, InterfaceError, OperationalError

from cattube.errors import SiteError
from cattube.processing.notifications.retries import pause_after, reason_of
from cattube.queues.queue import Message, QueueError, Received, Receiver

log = logging.getLogger(__name__)
WAIT_SECONDS = 1.0
# Of messages that are applied together. So long others wait who want to write to the database.
AT_ONCE = 50
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0


@dataclass(frozen=True)
class _Delayed:
    """A message that was tried so often and is due again then. It is not acknowledged meanwhile."""

    received: Received
    tries: int = 0
    due_at: float = 0.0


class Consumer:
    """Takes messages as they come, several together. Those that have to wait hold up no other.

    apply: what is done with a message; it raises what `retries` knows. apply_together: does it with those of
    several messages that it can, with all of them or none, and tells which they were. rest: is called when no
    message came, and when the database has failed. clock: seconds, of any beginning.
    """

    def __init__(
        self,
        receiver: Receiver,
        apply: Callable[[Message], None],
        apply_together: Callable[[Sequence[Message]], Sequence[bool]],
        *,
        rest: Callable[[], object] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._receiver = receiver
        self._apply, self._apply_together = apply, apply_together
        self._rest = rest
        self._clock = clock
        self._delayed: list[_Delayed] = []

    def run(self, stop: Event) -> None:
        """Go on until told to stop; then end after the messages in hand. The broker may be away meanwhile."""
        pause_seconds = SHORTEST_PAUSE_SECONDS
        while not stop.is_set():
            try:
                self.step()
            except QueueError as error:
                log.warning("No notifications come, trying again in %.0f s: %s", pause_seconds, error)
                # The broker sends all of them again.
                self._delayed.clear()
                stop.wait(pause_seconds)
                pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)
            else:
                pause_seconds = SHORTEST_PAUSE_SECONDS

    def step(self) -> None:
        """Try again what is due, then take what has come, or comes in time. Raises QueueError."""
        now = self._clock()
        due = [delayed for delayed in self._delayed if delayed.due_at <= now]
        for delayed in due:
            self._delayed.remove(delayed)
            self._take(delayed)
        received = self._receiver.receive(self._wait_seconds())
        if received is None:
            self._rest()
            return
        others = iter(lambda: self._receiver.receive(0), None)
        batch = [_Delayed(received), *map(_Delayed, islice(others, AT_ONCE - 1))]
        if len(batch) > 1:
            batch = self._take_together(batch)
        for message in batch:
            self._take(message)

    def _wait_seconds(self) -> float:
        next_due = min((delayed.due_at for delayed in self._delayed), default=float("inf"))
        return max(0.01, min(WAIT_SECONDS, next_due - self._clock()))

    def _take_together(self, batch: Sequence[_Delayed]) -> list[_Delayed]:
        """Those of the messages that are to be taken one by one."""
        try:
            is_done = self._apply_together([delayed.received.message for delayed in batch])
        except (OperationalError, InterfaceError) as error:
            # Each alone would ask a database that is away once more.
            for delayed in batch:
                self._put_off(delayed, error)
            return []
        except Exception as error:
            log.info("Notifications are applied one by one: %s", reason_of(error))
            return list(batch)
        for delayed in compress(batch, is_done):
            self._receiver.acknowledge(delayed.received)
        return list(compress(batch, map(not_, is_done)))

    def _take(self, delayed: _Delayed) -> None:
        try:
            self._apply(delayed.received.message)
        except Exception as error:
            self._put_off(delayed, error)
        else:
            self._receiver.acknowledge(delayed.received)

    def _put_off(self, delayed: _Delayed, error: Exception) -> None:
        tries, reason = delayed.tries + 1, reason_of(error)
        if isinstance(error, Error):
            self._rest()
        if not isinstance(error, SiteError | OperationalError | InterfaceError):
            log.error("A notification could not be applied", exc_info=error)
        pause_seconds = pause_after(error, tries)
        if pause_seconds is None:
            log.warning("Put a notification aside: %s", reason)
            self._receiver.bury(delayed.received, reason)
            return
        log.info("A notification waits for %.1f s: %s", pause_seconds, reason)
        self._delayed.append(_Delayed(delayed.received, tries, self._clock() + pause_seconds))
