"""Thousands of jobs that wait: each claim is as quick as with a few, and people take turns all the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import insert, update

from cattube_worker.assemblies.jobs.turns import Turns
from cattube_worker.assemblies.model import BATCH, WORK, Assembly, Job
from cattube_worker.database import Database
from cattube_worker.execution.jobs import leases
from cattube_worker.execution.jobs.claimable import EVERYWHERE, Reach

from ...conftest import TestEngine

NOW = 1_000_000.0


def wait(engine: TestEngine, owners: Sequence[str], *, queue: str = WORK, since: int = 0) -> None:
    """Have a job of an assembly of its own wait for each of these people, one after the other."""
    numbers = range(since, since + len(owners))
    assemblies = [
        {
            "id": f"assembly-{number:05}",
            "owner": owner,
            "state": "executing",
            "created_at": number,
            **dict.fromkeys(("base_url", "auth_key", "params", "merged_params", "steps"), ""),
            **dict.fromkeys(("expected_uploads", "max_files", "max_size_bytes"), 1),
            "fields": {},
        }
        for number, owner in zip(numbers, owners, strict=True)
    ]
    jobs = [
        {
            "id": f"{number:05}",
            "assembly_id": f"assembly-{number:05}",
            "owner": owner,
            "queue": queue,
            "node": "small",
            "inputs": "",
            "state": "waiting",
            "created_at": number,
            "due_at": number,
        }
        for number, owner in zip(numbers, owners, strict=True)
    ]
    with engine.database.write() as session:
        session.execute(insert(Assembly), assemblies)
        session.execute(insert(Job), jobs)


def claim(
    engine: TestEngine, turns: Turns, *, queue: str = WORK, reach: Reach = EVERYWHERE
) -> tuple[str, str] | None:
    """Claim and end the next job: its id and whose it is."""
    with engine.database.write() as session:
        lease = leases.claim(
            session, turns, owner="worker", queue=queue, reach=reach, now=NOW, lease_seconds=15
        )
        if lease is None:
            return None
        job = session.get_one(Job, lease.job_id)
        job.state = "done"
        return job.id, job.owner


@contextmanager
def counted_steps(database: Database) -> Iterator[list[int]]:
    """Steps of SQLite's machine meanwhile, in hundreds: a measure of its work that no other load changes."""
    steps = [0]

    def count() -> None:
        steps[0] += 1

    with database.engine.connect() as connection:
        # The pool has this one alone as long as nobody else uses the database.
        raw: Any = connection.connection.dbapi_connection
    raw.set_progress_handler(count, 100)
    yield steps
    raw.set_progress_handler(None, 0)


def burst(*, people: int, jobs: int) -> list[str]:
    """As many jobs of each, the second person's after all of the first's."""
    return [f"person {number * people // jobs:04}" for number in range(jobs)]


@pytest.mark.parametrize("queue", [WORK, BATCH])
@pytest.mark.parametrize("people", [1, 7, 300])
def test_f96_claim_is_as_quick_with_thousands_of_jobs_as_with_a_few(
    engine: TestEngine, people: int, queue: str
) -> None:
    """F96"""
    if engine.database.engine.dialect.name != "sqlite":
        pytest.skip("the steps of SQLite are counted")
    wait(engine, burst(people=people, jobs=1500), queue=queue)
    turns, claims = Turns(), 60
    claim(engine, turns, queue=queue)

    with counted_steps(engine.database) as steps:
        for _ in range(claims):
            assert claim(engine, turns, queue=queue)

    # It takes 6 to 9, and 120 at least where a claim reads what waits.
    assert steps[0] < 30 * claims


@pytest.mark.parametrize("people", [1, 3, 40])
def test_f96_everybody_is_served_as_often_in_each_round(engine: TestEngine, people: int) -> None:
    """F96: the oldest first of those whose turn it is."""
    wait(engine, burst(people=people, jobs=120))
    turns = Turns()

    order = [claim(engine, turns) for _ in range(120)]

    rounds = [order[start : start + people] for start in range(0, 120, people)]
    jobs_of_one = 120 // people
    expected = [
        [(f"{person * jobs_of_one + number:05}", f"person {person:04}") for person in range(people)]
        for number in range(jobs_of_one)
    ]
    assert rounds == expected
    assert claim(engine, turns) is None


def test_f97_whoever_comes_in_the_middle_of_a_round_is_served_in_it(engine: TestEngine) -> None:
    """F97: after those who wait for longer, before those who have had their turn."""
    wait(engine, ["alice", "alice", "bob", "bob", "carol", "carol"])
    turns = Turns()
    before = [claim(engine, turns) for _ in range(2)]

    wait(engine, ["dave", "dave"], since=6)
    after = [claim(engine, turns) for _ in range(6)]

    names = [owner for job in (*before, *after) if job for _, owner in [job]]
    assert names == ["alice", "bob", "carol", "dave", "alice", "bob", "carol", "dave"]


def test_f97_two_workers_take_each_job_once_though_each_knows_only_its_own_turns(
    engine: TestEngine,
) -> None:
    """F97: what one has looked up for its round, the other may have taken."""
    wait(engine, burst(people=8, jobs=80))
    workers = [Turns(), Turns()]

    claimed = [claim(engine, workers[number % 3 % 2]) for number in range(80)]

    assert Counter(claimed).most_common(1)[0][1] == 1
    assert None not in claimed
    assert [claim(engine, turns) for turns in workers] == [None, None]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"state": "failed"}, id="canceled"),
        pytest.param({"host": "another"}, id="bound to another host"),
        pytest.param({"due_at": NOW + 5}, id="put off"),
    ],
)
def test_f97_job_that_may_not_run_any_more_is_passed_over(
    engine: TestEngine, change: dict[str, object]
) -> None:
    """F97"""
    wait(engine, ["alice", "alice", "bob", "bob", "carol", "carol"])
    turns, reach = Turns(), Reach(host="this")
    # A round of their second jobs is looked up, and begun.
    first = [claim(engine, turns, reach=reach) for _ in range(4)]
    with engine.database.write() as session:
        session.execute(update(Job).where(Job.id == "00003").values(**change))

    rest = [claim(engine, turns, reach=reach) for _ in range(2)]

    assert first == [("00000", "alice"), ("00002", "bob"), ("00004", "carol"), ("00001", "alice")]
    assert rest == [("00005", "carol"), None]
