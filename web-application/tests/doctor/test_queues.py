"""The doctor tells whether queues can be used, are read by somebody, and have dead letters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import Settings
from queues.memory_queue import MemoryQueue

from cattube.doctor import queues
from cattube.doctor.finding import Finding
from cattube.doctor.queues import check_queues
from cattube.queues.address import QueueAddress
from cattube.queues.queue import QueueError, QueueRefused
from cattube.queues.state import QueueState

Look = Callable[..., list[Finding]]


@pytest.fixture
def findings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Look:
    """The findings about one queue, of which a broker would tell this."""
    settings.NOTIFICATIONS_URL = "amqp://cats:meow@broker.lan/?queue=cats"

    def look(*errors: QueueError, consumers: int | None = 1, dead_letters: int = 0) -> list[Finding]:
        queue = MemoryQueue()
        queue.errors.extend(errors)

        def state_of(address: QueueAddress) -> QueueState:
            return QueueState(dead_letters if address.name.endswith(".dead") else 3, consumers)

        monkeypatch.setattr(queues, "open_sender", lambda address: queue)
        monkeypatch.setattr(queues, "state_of", state_of)
        return list(check_queues())

    return look


def test_site_without_queues_has_none_checked() -> None:
    assert list(check_queues()) == []


@pytest.mark.parametrize("consumers", [1, None])
def test_queue_that_works_is_well(findings: Look, consumers: int | None) -> None:
    (finding,) = findings(consumers=consumers)

    assert finding.verdict.value == "ok"
    assert finding.sentence == "cats at amqp://broker.lan:5672 takes messages; 3 wait."


def test_queue_that_nobody_reads_is_told_with_what_to_start(findings: Look) -> None:
    (finding,) = findings(consumers=0)

    assert finding.verdict.value == "failed"
    assert "Nobody takes messages" in finding.sentence
    assert "manage.py consume_notifications" in finding.fix


def test_w87_dead_letters_are_counted_and_what_to_do_is_said(findings: Look) -> None:
    _, finding = findings(dead_letters=2)

    assert finding.verdict.value == "warning"
    assert finding.sentence.startswith("2 messages were put aside")
    assert "manage.py dead_letters" in finding.fix


@pytest.mark.parametrize(
    ("error", "fix"),
    [
        (QueueError("The broker is away"), "Start the broker, or correct NOTIFICATIONS_URL."),
        (QueueRefused("RabbitMQ refuses cats"), "Correct NOTIFICATIONS_URL, or the rights of its user"),
    ],
)
def test_w88_broker_that_does_not_take_messages_is_told_with_what_to_do(
    findings: Look, error: QueueError, fix: str
) -> None:
    (finding,) = findings(error)

    assert finding.verdict.value == "failed"
    assert finding.sentence == f"{error}."
    assert finding.fix.startswith(fix)
