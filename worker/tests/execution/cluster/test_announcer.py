"""Telling worker hosts of jobs: nothing is lost, whatever becomes of a message."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.hosts import hosts
from cattube_worker.assemblies.hosts.lease_owner import lease_owner
from cattube_worker.assemblies.model import PROBE, WORK, Announcement, Job
from cattube_worker.execution.broker_state import NONE_TOLD
from cattube_worker.execution.cluster.announcer import AGAIN_SECONDS, AT_ONCE, Announcer
from cattube_worker.execution.cluster.broker import BrokerAway
from cattube_worker.execution.cluster.wake_ups import WakeUp
from cattube_worker.execution.jobs import leases
from cattube_worker.execution.jobs.task_runner import TaskRunner
from cattube_worker.media.process.run import Stopped

from ...conftest import STORE_ORIGINAL, TestEngine, open_test_engine
from .conftest import report


@dataclass
class Broker:
    """Stands in for RabbitMQ. messages: those that no host has taken."""

    messages: list[WakeUp] = field(default_factory=list)
    is_away: bool = False

    def publish(self, wake_ups: Sequence[WakeUp]) -> None:
        if self.is_away:
            raise BrokerAway("connection refused")
        self.messages += wake_ups

    def messages_in(self, queue: Any) -> int:
        return sum(message.queue == queue.name for message in self.messages)

    @property
    def counts(self) -> Counter[str]:
        return Counter(message.queue for message in self.messages)


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def announcer(roof: TestEngine, broker: Broker) -> Announcer:
    return Announcer(
        database=roof.database,
        clock=roof.clock,
        broker=broker,  # type: ignore[arg-type]
        announces_again=True,
        monotonic=roof.clock,
    )


def uploaded(engine: TestEngine, steps: dict[str, Any] = STORE_ORIGINAL) -> dict[str, Any]:
    """An assembly whose upload was probed: one job waits for any host."""
    assembly = engine.assembly(steps=steps)
    engine.upload(assembly, b"meow")
    assert engine.runner(PROBE).run_once()
    return assembly


def announced(engine: TestEngine) -> list[str]:
    """Nodes of the jobs in the outbox."""
    with engine.database.read() as session:
        rows = select(Job.node).join(Announcement, Announcement.job_id == Job.id)
        return list(session.scalars(rows.order_by(Announcement.number)))


def test_f44_job_is_in_the_outbox_as_soon_as_it_waits(roof: TestEngine) -> None:
    """F44"""
    uploaded(roof)

    assert announced(roof) == [":original", "exported"]


def test_f44_job_that_never_was_is_not_announced(roof: TestEngine) -> None:
    """F44: the announcement goes with the transaction."""
    assembly = roof.assembly(steps=STORE_ORIGINAL)
    roof.open_upload(assembly, 4)

    def begin_to_wait() -> None:
        with roof.database.write() as session:
            row = repository.get(session, assembly["assembly_id"])
            upload = repository.uploads_of(session, row.id)[0]
            lifecycle.finish_upload(session, row, upload, now=roof.clock())
            session.flush()
            raise RuntimeError("the engine dies")

    with pytest.raises(RuntimeError):
        begin_to_wait()

    assert announced(roof) == []


def test_site_of_one_machine_keeps_no_outbox(engine: TestEngine) -> None:
    uploaded(engine)

    assert announced(engine) == []


def test_f47_job_that_is_given_back_is_announced_anew(
    roof: TestEngine, monkeypatch: pytest.MonkeyPatch, announcer: Announcer
) -> None:
    """F47"""
    uploaded(roof)
    announcer.run_once()

    def be_stopped(*_: object) -> None:
        raise Stopped

    monkeypatch.setattr(TaskRunner, "run", be_stopped)
    roof.runner().run_once()

    assert announced(roof) == ["exported"]


def test_worker_hosts_are_told_of_what_they_may_run(
    roof: TestEngine, broker: Broker, announcer: Announcer
) -> None:
    """The probe is for the host that has the bytes, which hears of it without a broker."""
    uploaded(roof)

    announcer.run_once()

    assert broker.counts == {"cattube.work": 1}
    assert announced(roof) == []


@pytest.mark.parametrize("state", ["running", "done"])
@pytest.mark.parametrize(("host", "told"), [("fence", {"cattube.work": 1}), ("roof", {})])
def test_f112_job_that_was_taken_for_the_message_of_another_leaves_that_one_its_own(
    roof: TestEngine, broker: Broker, announcer: Announcer, state: str, host: str, told: dict[str, int]
) -> None:
    """F112, F122: a message brings a worker host here, not to the job that it names: people take turns.

    The host that clients send to takes jobs without one.
    """
    report(roof, "fence", hosts.WORKER)
    uploaded(roof)
    announcer.run_once()
    first_in_turn = uploaded(roof)["assembly_id"]
    with roof.database.write() as session:
        taken = session.query(Job).filter_by(assembly_id=first_in_turn, state="waiting").one()
        taken.state, taken.lease_owner = state, lease_owner(host, 1, "meow")
    broker.messages.clear()

    announcer.announce_new()

    assert broker.counts == told
    assert announced(roof) == []


def test_job_of_an_assembly_that_is_gone_wakes_nobody(
    roof: TestEngine, broker: Broker, announcer: Announcer
) -> None:
    with roof.database.write() as session:
        session.add(Announcement(job_id="gone"))

    announcer.run_once()

    assert broker.messages == []
    assert announced(roof) == []


def test_f45_jobs_wait_in_the_outbox_until_the_broker_is_back(
    roof: TestEngine, broker: Broker, announcer: Announcer, caplog: pytest.LogCaptureFixture
) -> None:
    """F45"""
    broker.is_away = True
    uploaded(roof)
    with caplog.at_level(logging.WARNING, "cattube_worker"):
        announcer.run_once()
        announcer.run_once()
    logged, kept = caplog.text, announced(roof)

    broker.is_away = False
    announcer.run_once()

    assert kept[-1:] == ["exported"]
    assert logged.count("the broker is away") == 1
    assert broker.counts == {"cattube.work": 1}


def test_f117_broker_that_is_away_is_told_until_it_is_back(
    roof: TestEngine, broker: Broker, announcer: Announcer
) -> None:
    """F117: to monitors that it is so, to the holder of the secret also why."""

    def told() -> tuple[Any, Any]:
        health = roof.client.get("/healthz").get_json()
        load = roof.client.get("/hosts", query_string=roof.signed({})).get_json()
        return health["degraded"].get("broker"), load["broker"]

    announcer.state, broker.is_away = roof.parts.work.broker_state or announcer.state, True
    announcer.run_once()
    while_away = told()
    broker.is_away = False
    announcer.run_once()

    assert while_away == (NONE_TOLD, "connection refused")
    assert told() == (None, None)


def test_f44_lost_message_is_sent_again(roof: TestEngine, broker: Broker, announcer: Announcer) -> None:
    """F44"""
    uploaded(roof)
    announcer.run_once()
    broker.messages.clear()

    roof.clock.advance(AGAIN_SECONDS - 1)
    announcer.run_once()
    before = list(broker.messages)
    roof.clock.advance(1)
    announcer.run_once()

    assert before == []
    assert broker.counts == {"cattube.work": 1}


def test_jobs_that_wait_for_long_do_not_pile_up_messages(
    roof: TestEngine, broker: Broker, announcer: Announcer
) -> None:
    uploaded(roof)
    uploaded(roof)

    for _ in range(10):
        announcer.run_once()
        roof.clock.advance(AGAIN_SECONDS)

    assert broker.counts == {"cattube.work": 2}


def test_f46_job_of_a_host_that_died_is_announced_when_its_lease_ends(
    roof: TestEngine, broker: Broker, announcer: Announcer
) -> None:
    """F46"""
    uploaded(roof)
    announcer.run_once()
    broker.messages.clear()
    with roof.database.write() as session:
        now = roof.clock()
        leases.claim(session, roof.jobs.turns, owner="fence:1", queue=WORK, now=now, lease_seconds=15)
    announcer.run_once()
    while_it_lived = list(broker.messages)

    roof.clock.advance(16)
    announcer.run_once()

    assert while_it_lived == []
    assert broker.counts == {"cattube.work": 1}


def test_f48_job_of_one_worker_host_is_told_to_it_alone(
    roof: TestEngine, broker: Broker, announcer: Announcer
) -> None:
    """F48"""
    report(roof, "fence", hosts.WORKER)
    assembly = uploaded(roof)
    with roof.database.write() as session:
        job = session.query(Job).filter_by(node="exported").one()
        leases.bind(session, assembly["assembly_id"], "exported", job.input_ids, host="fence")

    announcer.run_once()
    first = broker.counts
    broker.messages.clear()
    roof.clock.advance(AGAIN_SECONDS)
    announcer.run_once()

    assert first == broker.counts == {"cattube.host.fence": 1}


def test_outbox_is_emptied_in_pieces(roof: TestEngine, announcer: Announcer) -> None:
    with roof.database.write() as session:
        session.add_all(Announcement(job_id=str(number)) for number in range(AT_ONCE + 1))

    assert announcer.announce_new()
    assert not announcer.announce_new()
    with roof.database.read() as session:
        assert session.query(Announcement).count() == 0


@pytest.fixture
def alone(tmp_path: Path, roof: TestEngine) -> Iterator[TestEngine]:
    """The same engine after its operator has given the broker up."""
    roof.close()
    engine = open_test_engine(tmp_path, roof.clock)
    yield engine
    engine.close()


def test_site_that_gave_its_broker_up_runs_what_waited_for_one_host(
    roof: TestEngine, request: pytest.FixtureRequest
) -> None:
    assembly = roof.assembly(steps=STORE_ORIGINAL)
    roof.upload(assembly, b"meow")

    engine = request.getfixturevalue("alone")
    engine.work()

    assert engine.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
