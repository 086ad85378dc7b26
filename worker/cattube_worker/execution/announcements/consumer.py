"""Consumer of announcements: each is taken on, tried again later, or put aside with the reason."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from cattube_worker.clock import Clock
from cattube_worker.errors import AssemblyError
from cattube_worker.execution.announcements.retries import pause_after, reason_of
from cattube_worker.queues.queue import Message, QueueError, Received, Receiver

log = logging.getLogger(__name__)
# For everybody. Where the broker is, and what it said, stands in the log alone.
NONE_COME = "No announcements come: their queue cannot be used. The engine's log says why."
WAIT_SECONDS = 1.0
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0


@dataclass(frozen=True)
class _Delayed:
    """A message that was tried so often and is due again then. It is not acknowledged meanwhile."""

    received: Received
    tries: int = 0
    due_at: float = 0.0


class AnnouncementConsumer:
    """Takes messages one by one, in a thread of its own. Those that have to wait hold up no other.

    take: what is done with a message; it raises what `retries` knows.
    """

    name = "announcements"

    def __init__(self, receiver: Receiver, take: Callable[[Message], None], *, clock: Clock) -> None:
        self._receiver = receiver
        self._use = take
        self._clock = clock
        self._delayed: list[_Delayed] = []
        self._problem: str | None = None

    def reason(self) -> str | None:
        """Sentence for everybody while no announcements come; None while they do."""
        return self._problem

    def run(self, stop: Event) -> None:
        """Go on until told to stop; then end after the message in hand. The broker may be away meanwhile."""
        pause_seconds = SHORTEST_PAUSE_SECONDS
        try:
            while not stop.is_set():
                try:
                    self.step()
                except Exception as error:
                    # Of whatever kind: without this thread no announcement would come any more.
                    self._tell(error, pause_seconds)
                    # The broker sends all of them again.
                    self._delayed.clear()
                    stop.wait(pause_seconds)
                    pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)
                else:
                    self._problem, pause_seconds = None, SHORTEST_PAUSE_SECONDS
        finally:
            self._receiver.close()

    def step(self) -> None:
        """Try again what is due, then take the next message, if one comes in time. Raises QueueError."""
        now = self._clock()
        due = [delayed for delayed in self._delayed if delayed.due_at <= now]
        for delayed in due:
            self._delayed.remove(delayed)
            self._take(delayed)
        received = self._receiver.receive(self._wait_seconds())
        if received is not None:
            self._take(_Delayed(received))

    def _tell(self, error: Exception, pause_seconds: float) -> None:
        self._problem = NONE_COME
        log.warning("No announcements come, trying again in %.0f s: %s", pause_seconds, error)
        if not isinstance(error, QueueError):
            log.error("The queue of announcements failed unexpectedly", exc_info=error)
            # As after any error of the queue's, what was not acknowledged is to come again.
            self._receiver.close()

    def _wait_seconds(self) -> float:
        next_due = min((delayed.due_at for delayed in self._delayed), default=float("inf"))
        return max(0.01, min(WAIT_SECONDS, next_due - self._clock()))

    def _take(self, delayed: _Delayed) -> None:
        try:
            self._use(delayed.received.message)
        except Exception as error:
            self._put_off(delayed, error)
        else:
            self._receiver.acknowledge(delayed.received)

    def _put_off(self, delayed: _Delayed, error: Exception) -> None:
        tries, reason = delayed.tries + 1, reason_of(error)
        if not isinstance(error, AssemblyError):
            log.error("An announcement could not be taken on", exc_info=error)
        pause_seconds = pause_after(error, tries)
        if pause_seconds is None:
            log.warning("put an announcement aside: %s", reason)
            self._receiver.bury(delayed.received, reason)
            return
        log.info("an announcement waits for %.1f s: %s", pause_seconds, reason)
        self._delayed.append(_Delayed(delayed.received, tries, self._clock() + pause_seconds))
