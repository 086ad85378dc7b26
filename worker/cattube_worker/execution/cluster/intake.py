"""How many messages a worker host takes: none that it could not begin with at once.

Celery acknowledges a message when its task begins, and takes the next one meanwhile. Here a task may take
hours: the next message would wait beside an idle host, until the broker cuts off whoever does not acknowledge
it. So a host that is busy does not listen, and gives back what came in between.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from cattube_worker.assemblies.model import BY_URGENCY, WORK
from cattube_worker.execution.cluster.wake_ups import job_queue_of


class Request(Protocol):
    """A message that Celery took, as far as it is used here. acknowledged: or given back."""

    id: str

    @property
    def acknowledged(self) -> bool: ...
    @property
    def delivery_info(self) -> Mapping[str, Any]: ...
    def acknowledge(self) -> None: ...
    def reject(self, requeue: bool = False) -> None: ...


class Listener(Protocol):
    """Celery's consumer, as far as it is used here; everything happens in its thread."""

    def listen(self, queue: str) -> None: ...
    def ignore(self, queue: str) -> None: ...
    def reserved(self) -> Iterable[Request]: ...
    def call_soon(self, function: Any, *arguments: Any) -> None: ...


def is_open(job_queue: str, running: Mapping[str, int], *, slots: int) -> bool:
    """True when a job of that queue could begin. Pure.

    running: jobs by their queue. Each queue of batch work has a slot of its own, beside those of all others.
    But no job of it begins while a more urgent one runs: it would only stand still.
    """
    if job_queue == WORK:
        return running[WORK] < slots
    return not any(running[queue] for queue in BY_URGENCY[: BY_URGENCY.index(job_queue) + 1])


class Intake:
    """The messages of a host with `slots` for jobs; `queues` are those that it listens on."""

    def __init__(self, queues: Iterable[str], *, slots: int) -> None:
        # Least urgent first, as messages come in this order once the host is free. The other way round, work
        # that never ends would leave batch work no moment to begin, and so none of its share of time.
        self._queues = sorted(queues, key=lambda queue: -BY_URGENCY.index(job_queue_of(queue)))
        self._slots = slots
        self._lock = threading.Lock()
        self._running = dict.fromkeys(BY_URGENCY, 0)
        self._begun: set[str] = set()
        self._given_back: set[str] = set()
        self._listener: Listener | None = None
        self._is_closed, self._is_fit = False, True

    def connect(self, listener: Listener) -> None:
        """Have the listener, which listens on all queues now, listen on those that are open."""
        self._listener = listener
        listener.call_soon(self._adjust)

    def note_fitness(self, *, is_fit: bool) -> None:
        """Take no messages while the host is not fit for jobs: others are to get them."""
        if is_fit != self._is_fit:
            self._is_fit = is_fit
            self._soon()

    def close(self) -> None:
        """Take no more messages."""
        self._is_closed = True
        self._soon()

    def begin(self, request: Request) -> bool:
        """Count the task of the message as running; False when the message is given back."""
        with self._lock:
            was_given_back = request.id in self._given_back
            self._given_back.discard(request.id)
            may_begin = not was_given_back and self._is_open(request.delivery_info["routing_key"])
            if may_begin:
                self._begun.add(request.id)
                self._running[_job_queue(request)] += 1
        if may_begin:
            self._soon(request)
        elif not was_given_back:
            request.reject(requeue=True)
        return may_begin

    def end(self, request: Request) -> None:
        with self._lock:
            self._begun.discard(request.id)
            self._running[_job_queue(request)] -= 1
        self._soon()

    def received(self) -> None:
        """To be called when a message came: it may have been on its way when the host stopped to listen."""
        self._soon()

    def _soon(self, *begun: Request) -> None:
        if self._listener is not None:
            self._listener.call_soon(self._adjust, *begun)

    def _adjust(self, *begun: Request) -> None:
        """Listen on the queues that are open, and on no others."""
        listener = self._listener
        if listener is None:
            return
        with self._lock:
            open_queues = {queue for queue in self._queues if self._is_open(queue)}
        for queue in self._queues:
            if queue in open_queues:
                listener.listen(queue)
            else:
                listener.ignore(queue)
        # After that: the broker sends the next message for each that is acknowledged.
        for request in begun:
            request.acknowledge()
        for request in self._excess(listener.reserved(), open_queues):
            request.reject(requeue=True)

    def _is_open(self, queue: str) -> bool:
        """True when a message from the queue could begin; to be asked under the lock."""
        if self._is_closed or not self._is_fit:
            return False
        return is_open(job_queue_of(queue), self._running, slots=self._slots)

    def _excess(self, reserved: Iterable[Request], open_queues: Collection[str]) -> list[Request]:
        """The messages that cannot begin now; their tasks must not begin later either."""
        with self._lock:
            known = self._begun | self._given_back
            excess = [
                request
                for request in reserved
                if request.delivery_info["routing_key"] not in open_queues
                and request.id not in known
                and not request.acknowledged
            ]
            self._given_back.update(request.id for request in excess)
        return excess


def _job_queue(request: Request) -> str:
    return job_queue_of(request.delivery_info["routing_key"])
