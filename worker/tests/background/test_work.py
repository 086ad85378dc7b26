"""Work in the background: no failure ends its thread."""

from __future__ import annotations

import logging
from threading import Event

import pytest

from cattube_worker.background.work import PeriodicTask, WorkLoop, attempt
from cattube_worker.errors import TryLater


def test_worker_whose_work_fails_logs_that_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    stop, wake, calls = Event(), Event(), []

    def fail_once() -> bool:
        calls.append(1)
        if len(calls) == 1:
            wake.set()  # Not to wait for the next look.
            raise RuntimeError("bug")
        stop.set()
        return False

    with caplog.at_level(logging.ERROR, "cattube_worker"):
        wake.set()
        WorkLoop("jobs-0", fail_once, wake).run(stop)

    assert len(calls) == 2
    assert "jobs-0 failed; trying again soon" in caplog.text


def test_f101_database_that_is_away_is_logged_once_until_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    """F101: in one line, and not by each thread each time."""

    def fail() -> None:
        raise TryLater("The engine's database does not answer.")

    with caplog.at_level(logging.INFO, "cattube_worker"):
        for work in (fail, fail, lambda: None, lambda: None):
            for name in ("leases", "sweep"):
                attempt(name, work)

    assert [record.getMessage() for record in caplog.records] == [
        "leases waits: The engine's database does not answer.",
        "it is over: The engine's database does not answer.",
    ]
    assert not any(record.exc_info for record in caplog.records)


def test_timer_stops_at_once() -> None:
    stop, calls = Event(), []
    stop.set()

    PeriodicTask("sweep", lambda: calls.append(1), 3600).run(stop)

    assert calls == []
