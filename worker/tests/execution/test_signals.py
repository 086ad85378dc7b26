"""Wake-ups: each costs time that the next job waits, so a finished job wakes no more threads than it must."""

from __future__ import annotations

from threading import Event

import pytest

from cattube_worker.assemblies.model import PROBE, WORK
from cattube_worker.execution.signals import Signals

from ..conftest import UPLOAD_ONLY, TestEngine

STORE = {"robot": "/s3/store", "use": ":original", "credentials": "cattube"}
TWO_STORES = {
    **UPLOAD_ONLY,
    "first": {**STORE, "path": "${assembly.id}/1"},
    "second": {**STORE, "path": "${assembly.id}/2"},
}
ALL = {"probes", "jobs", "batch", "speech", "streaming", "outbox", "cleanup", "announcements"}


def taken(signals: Signals) -> set[str]:
    """The names of the events that are set, which are cleared by that."""
    events = {name: event for name, event in vars(signals).items() if isinstance(event, Event)}
    names = {name for name, event in events.items() if event.is_set()}
    for event in events.values():
        event.clear()
    return names


def test_job_that_is_not_the_last_wakes_the_next_jobs_alone(engine: TestEngine) -> None:
    engine.upload(engine.assembly(steps=TWO_STORES), b"meow")
    engine.runner(PROBE).run_once()
    taken(engine.parts.signals)

    engine.runner(WORK).run_once()
    after_the_first = taken(engine.parts.signals)
    engine.runner(WORK).run_once()

    assert after_the_first == {"jobs", "announcements"}
    assert taken(engine.parts.signals) == ALL


def test_batch_jobs_are_looked_for_when_no_other_waits(engine: TestEngine) -> None:
    taken(engine.parts.signals)

    assert not engine.runner(WORK).run_once()

    assert taken(engine.parts.signals) == {"batch", "speech"}


@pytest.mark.parametrize(
    ("wake", "names"),
    [
        pytest.param(Signals.wake_jobs, {"jobs", "announcements"}, id="jobs"),
        pytest.param(Signals.wake_unawaited, {"batch", "speech"}, id="unawaited"),
        pytest.param(Signals.wake_streaming, {"streaming"}, id="streaming"),
        pytest.param(Signals.wake_all, ALL, id="all"),
        pytest.param(lambda signals: signals.publish("cat"), ALL, id="publish"),
        pytest.param(lambda signals: signals.publish_progress("cat"), set(), id="progress"),
    ],
)
def test_signal_wakes_just_its_threads(wake: object, names: set[str]) -> None:
    signals = Signals()

    assert callable(wake)
    wake(signals)

    assert taken(signals) == names
