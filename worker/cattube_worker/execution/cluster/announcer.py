"""Telling worker hosts of the jobs that wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kombu.entity import Queue
from sqlalchemy.orm import Session

from cattube_worker.assemblies.hosts import announcements, hosts
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.execution.broker_state import BrokerState
from cattube_worker.execution.cluster.broker import Broker, BrokerAway, queue_for_host, shared_queues
from cattube_worker.execution.cluster.wake_ups import SHARED_QUEUES, WakeUp, job_queue_of, queue_of
from cattube_worker.execution.jobs import leases

# So long a message that was lost, or a worker host that died, delays a job at most, besides its lease.
AGAIN_SECONDS = 5.0
AT_ONCE = 200
# Messages that a queue is filled up to. Worker hosts cannot work on more jobs at once.
MOST_AGAIN = 1000


@dataclass(kw_only=True)
class Announcer:
    """Announces jobs, in one thread.

    announces_again: also those that were announced before and still wait. state: of the broker, noted here.
    """

    database: Database
    clock: Clock
    broker: Broker
    announces_again: bool
    state: BrokerState = field(default_factory=BrokerState)
    monotonic: Callable[[], float] = time.monotonic
    _next_again: float = field(default=0.0, init=False)

    def run_once(self) -> bool:
        """Announce what began to wait, and now and then what still waits; tell if there may be more."""
        try:
            has_more = self.announce_new()
            if self.announces_again and self.monotonic() >= self._next_again:
                self.announce_again()
                self._next_again = self.monotonic() + AGAIN_SECONDS
        except BrokerAway as error:
            self.state.note_away(error)
            return False
        self.state.note_there()
        return has_more

    def announce_new(self) -> bool:
        """Publish what waits in the outbox, and tell if there was as much as is done at once.

        Forgotten only afterwards: who dies in between has it announced twice. Raises BrokerAway.
        """
        with self.database.read() as session:
            jobs = announcements.new_jobs(session, now=self.clock(), limit=AT_ONCE)
            workers = set(hosts.worker_names(session)) if any(job.host for job in jobs) else set()
        if not jobs:
            return False
        wake_ups = [
            WakeUp(queue, job.job_id)
            for job in jobs
            if job.queue and (job.host is None or job.host in workers)
            if (queue := queue_of(job.queue, job.host))
        ]
        self.broker.publish(wake_ups)
        with self.database.write() as session:
            announcements.forget(session, [job.number for job in jobs])
        return len(jobs) == AT_ONCE

    def announce_again(self) -> None:
        """Fill each queue up to a message for each job that waits. Raises BrokerAway.

        A queue with as many messages as jobs is left alone: nothing was lost, and more would only pile up.
        """
        with self.database.read() as session:
            jobs_of = self._waiting_jobs(session)
        for queue, job_ids in jobs_of:
            missing = len(job_ids) - self.broker.messages_in(queue)
            self.broker.publish([WakeUp(queue.name, job_id) for job_id in job_ids[: max(0, missing)]])

    def _waiting_jobs(self, session: Session) -> list[tuple[Queue, Sequence[str]]]:
        """The queues, each with the jobs that it should have messages of."""
        now = self.clock()

        def waiting(job_queue: str, host: str | None) -> Sequence[str]:
            return leases.waiting_ids(session, queue=job_queue, host=host, now=now, limit=MOST_AGAIN)

        shared = [(queue, waiting(job_queue_of(queue.name), None)) for queue in shared_queues()]
        own = [
            (queue_for_host(host), [job_id for queue in SHARED_QUEUES for job_id in waiting(queue, host)])
            for host in hosts.worker_names(session)
        ]
        return [*shared, *own]
