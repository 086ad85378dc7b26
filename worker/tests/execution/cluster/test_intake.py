"""The messages that a worker host takes: as many as it can begin with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from cattube_worker.assemblies.model import BATCH, SPEECH, WORK
from cattube_worker.execution.cluster.intake import Intake, is_open

WORK_QUEUE, BATCH_QUEUE, SPEECH_QUEUE = QUEUES = ("cattube.work", "cattube.batch", "cattube.speech")


@dataclass(eq=False)
class Message:
    """A message as Celery hands it on. ending: what became of it."""

    id: str
    queue: str = WORK_QUEUE
    ending: str = ""

    @property
    def acknowledged(self) -> bool:
        return bool(self.ending)

    @property
    def delivery_info(self) -> dict[str, str]:
        return {"routing_key": self.queue}

    def acknowledge(self) -> None:
        self.ending = self.ending or "acknowledged"

    def reject(self, requeue: bool = False) -> None:
        self.ending = self.ending or ("given back" if requeue else "lost")


@dataclass
class Broker:
    """Stands in for Celery's consumer: which queues it listens on, and what it took.

    listened: the queues that it began to listen on, in that order. So their messages come.
    """

    queues: set[str] = field(default_factory=lambda: set(QUEUES))
    listened: list[str] = field(default_factory=list)
    taken: list[Message] = field(default_factory=list)
    soon: list[Callable[[], None]] = field(default_factory=list)

    def listen(self, queue: str) -> None:
        if queue not in self.queues:
            self.queues.add(queue)
            self.listened.append(queue)

    def ignore(self, queue: str) -> None:
        self.queues.discard(queue)

    def reserved(self) -> list[Message]:
        return self.taken

    def call_soon(self, function: Callable[..., None], *arguments: Any) -> None:
        self.soon.append(lambda: function(*arguments))

    def turn(self) -> None:
        """Do what was to be done soon."""
        soon, self.soon = self.soon, []
        for call in soon:
            call()


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def intake(broker: Broker) -> Intake:
    """Of a host with one slot."""
    intake = Intake(QUEUES, slots=1)
    intake.connect(broker)
    broker.turn()
    return intake


@pytest.mark.parametrize(
    ("queue", "work", "batch", "speech", "expected"),
    [
        pytest.param(WORK, 0, 0, 0, True, id="idle host takes work"),
        pytest.param(WORK, 1, 0, 0, True, id="second slot is free"),
        pytest.param(WORK, 2, 0, 0, False, id="all slots are taken"),
        pytest.param(WORK, 0, 1, 1, True, id="f51-batch work keeps nobody waiting"),
        pytest.param(BATCH, 0, 0, 0, True, id="idle host takes batch work"),
        pytest.param(BATCH, 1, 0, 0, False, id="f51-batch work would only stand still"),
        pytest.param(BATCH, 0, 1, 0, False, id="one batch job at once"),
        pytest.param(BATCH, 0, 0, 1, True, id="f120-a transcription keeps no ladder waiting"),
        pytest.param(SPEECH, 0, 0, 0, True, id="idle host takes a transcription"),
        pytest.param(SPEECH, 1, 0, 0, False, id="f120-a transcription would only stand still for work"),
        pytest.param(SPEECH, 0, 1, 0, False, id="f120-a transcription would only stand still for a ladder"),
        pytest.param(SPEECH, 0, 0, 1, False, id="f120-one transcription at once"),
    ],
)
def test_host_listens_where_it_has_room(
    queue: str, work: int, batch: int, speech: int, expected: bool
) -> None:
    assert is_open(queue, {WORK: work, BATCH: batch, SPEECH: speech}, slots=2) == expected


def test_f52_long_job_leaves_no_message_unacknowledged(intake: Intake, broker: Broker) -> None:
    """F52: a broker cuts off whoever does not acknowledge in half an hour."""
    message = Message("a")

    assert intake.begin(message)
    broker.turn()

    assert message.ending == "acknowledged"


def test_f104_host_that_is_not_fit_listens_for_no_messages_until_it_is(
    intake: Intake, broker: Broker
) -> None:
    """F104"""
    intake.note_fitness(is_fit=False)
    broker.turn()
    meanwhile = set(broker.queues)
    intake.note_fitness(is_fit=True)
    broker.turn()

    assert meanwhile == set()
    assert broker.queues == set(QUEUES)


def test_busy_host_leaves_messages_to_others_until_it_is_free(intake: Intake, broker: Broker) -> None:
    message = Message("a")
    intake.begin(message)
    broker.turn()
    while_busy = set(broker.queues)

    intake.end(message)
    broker.turn()

    assert while_busy == set()
    assert broker.queues == set(QUEUES)


def test_message_that_came_while_the_last_slot_was_taken_is_given_back(
    intake: Intake, broker: Broker
) -> None:
    """F52"""
    first, second = Message("a"), Message("b")
    broker.taken = [first, second]
    intake.begin(first)

    broker.turn()

    assert (first.ending, second.ending) == ("acknowledged", "given back")
    assert not intake.begin(second)


def test_message_whose_task_begins_a_moment_too_late_is_given_back_and_may_come_again(
    intake: Intake, broker: Broker
) -> None:
    first, late = Message("a"), Message("b")
    intake.begin(first)
    broker.taken = [late]

    assert not intake.begin(late)
    broker.turn()

    assert late.ending == "given back"
    intake.end(first)
    assert intake.begin(Message("b"))


def test_f51_work_is_taken_while_batch_work_runs(intake: Intake, broker: Broker) -> None:
    intake.begin(Message("a", BATCH_QUEUE))
    broker.turn()

    assert broker.queues == {WORK_QUEUE}
    assert intake.begin(Message("b"))


def test_f120_all_other_work_is_taken_while_speech_is_recognised(intake: Intake, broker: Broker) -> None:
    """F120"""
    intake.begin(Message("a", SPEECH_QUEUE))
    broker.turn()

    assert broker.queues == {WORK_QUEUE, BATCH_QUEUE}
    assert intake.begin(Message("b", BATCH_QUEUE))
    assert intake.begin(Message("c"))


@pytest.mark.parametrize(
    ("ended", "begun"),
    [
        pytest.param(WORK_QUEUE, [SPEECH_QUEUE, BATCH_QUEUE, WORK_QUEUE], id="work"),
        pytest.param(BATCH_QUEUE, [SPEECH_QUEUE, BATCH_QUEUE], id="ladder"),
    ],
)
def test_f121_host_with_more_work_than_it_can_do_begins_with_a_job_of_each_queue(
    intake: Intake, broker: Broker, ended: str, begun: list[str]
) -> None:
    """F121: what has begun stands still, and has its share of time; what has not begun would have none."""
    last = Message("last", ended)
    intake.begin(last)
    broker.turn()

    intake.end(last)
    broker.turn()

    assert [queue for queue in broker.listened if intake.begin(Message(queue, queue))] == begun


def test_message_given_back_may_come_again(intake: Intake, broker: Broker) -> None:
    first, second = Message("a"), Message("b")
    broker.taken = [first, second]
    intake.begin(first)
    broker.turn()
    intake.begin(second)  # the task of the copy that was given back
    intake.end(first)
    broker.turn()

    again = Message("b")

    assert intake.begin(again)
    broker.turn()
    assert again.ending == "acknowledged"


def test_f45_connection_that_was_lost_changes_nothing_for_a_busy_host(intake: Intake, broker: Broker) -> None:
    """F45: Celery listens on all queues after it has connected again."""
    intake.begin(Message("a"))
    broker.turn()
    again = Broker()

    intake.connect(again)
    again.turn()

    assert again.queues == set()


def test_f47_host_that_leaves_takes_nothing_more(intake: Intake, broker: Broker) -> None:
    intake.close()
    broker.turn()

    assert broker.queues == set()
    assert not intake.begin(Message("a"))
