"""Announce and claim jobs as engine and worker hosts do.

`python -m bench.measures.cluster.claiming DATABASE_URL BROKER_URL`, which `claims.py` runs in a process of
its own, prints `Claiming` as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from multiprocessing import Process

import psycopg
from kombu.connection import Connection
from sqlalchemy import insert, update

from bench.measures.cluster.waiting_jobs import waiting_rows
from cattube_worker import migrations
from cattube_worker.assemblies.hosts.hosts import INGEST, WORKER
from cattube_worker.assemblies.hosts.lease_owner import lease_owner
from cattube_worker.assemblies.jobs.turns import Turns
from cattube_worker.assemblies.model import WORK, Assembly, Host, Job
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.execution.cluster.announcer import Announcer
from cattube_worker.execution.cluster.broker import Broker, shared_queues
from cattube_worker.execution.jobs import leases
from cattube_worker.execution.jobs.claimable import Reach

JOBS, PEOPLE, PART = 10_000, 100, 1000
# A message is on its way to each.
HOSTS = 20
WAIT_SECONDS, LEASE_SECONDS = 60.0, 600.0
BARE = """
UPDATE bare SET state = 'running' WHERE id = (
  SELECT id FROM bare WHERE state = 'waiting' ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id
"""


@dataclass(frozen=True)
class Claiming:
    """Jobs a second: announced and claimed, of all and of the first and last `PART`; by a bare statement."""

    announced_and_claimed: float
    first: float
    last: float
    bare: float


def main(database_url: str, broker_url: str) -> None:
    database = Database(database_url)
    migrations.upgrade(database.engine)
    _wait(database)
    bare = _bare_rate(database_url)
    announcer = Process(target=_announce, args=(database_url, broker_url))
    began = time.perf_counter()
    announcer.start()
    times = list(_claims(database, broker_url))
    announcer.join()
    claiming = Claiming(
        announced_and_claimed=JOBS / (times[-1] - began),
        first=PART / (times[PART - 1] - began),
        last=PART / (times[-1] - times[-1 - PART]),
        bare=bare,
    )
    print(json.dumps(asdict(claiming)))


def _wait(database: Database) -> None:
    """Have the jobs of all people begin to wait, on a site with a host that is told of them."""
    assemblies, jobs = waiting_rows(jobs=JOBS, people=PEOPLE)
    facts = {"version": "1", "missing_encoders": [], "running": []}
    times = {"started_at": 0.0, "seen_at": time.time(), "clock_offset_seconds": 0.0}
    with database.write() as session:
        for role in (INGEST, WORKER):
            session.execute(insert(Host).values(name=role, role=role, **facts, **times))
        session.execute(insert(Assembly), assemblies)
        session.execute(insert(Job), jobs)


def _announce(database_url: str, broker_url: str) -> None:
    """What the ingest host does, in a process of its own."""
    database, broker = Database(database_url), Broker(broker_url)
    announcer = Announcer(database=database, clock=Clock(), broker=broker, announces_again=False)
    while announcer.announce_new():
        pass
    broker.close()


def _claims(database: Database, broker_url: str) -> Iterator[float]:
    """Claim a job for each message, and end it soon; when each was claimed."""
    turns, claimed = Turns(), []
    (queue,) = (queue for queue in shared_queues() if queue.name.endswith(WORK))
    with Connection(broker_url) as connection, connection.SimpleQueue(queue) as messages:
        messages.consumer.qos(prefetch_count=HOSTS)
        for number in range(1, JOBS + 1):
            message = messages.get(timeout=WAIT_SECONDS)
            lease = _claim(database, turns)
            message.ack()
            yield time.perf_counter()
            claimed.append(lease.job_id)
            if number % 100 == 0:
                # A site has as few jobs under way as its hosts can run.
                with database.write() as session:
                    session.execute(update(Job).where(Job.id.in_(claimed)).values(state="done"))
                claimed.clear()


def _claim(database: Database, turns: Turns) -> leases.Lease:
    with database.write() as session:
        lease = leases.claim(
            session,
            turns,
            owner=lease_owner(WORKER, 1, "meow"),
            queue=WORK,
            reach=Reach(host=WORKER),
            now=time.time(),
            lease_seconds=LEASE_SECONDS,
        )
    assert lease is not None
    return lease


def _bare_rate(database_url: str) -> float:
    """Claims a second of the same jobs in a table of their own, with nothing beside the one statement."""
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE bare AS SELECT id, state, due_at FROM jobs")
        connection.execute("ALTER TABLE bare ADD PRIMARY KEY (id)")
        connection.execute("CREATE INDEX bare_by_state ON bare (state, due_at)")
        connection.commit()
        began = time.perf_counter()
        for _ in range(PART):
            assert connection.execute(BARE).fetchone() is not None
            connection.commit()
        return PART / (time.perf_counter() - began)


if __name__ == "__main__":
    main(*sys.argv[1:])
