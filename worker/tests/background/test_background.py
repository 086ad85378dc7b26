"""The threads in the background: which there are, and that none of them dies."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from threading import Event

import pytest

from cattube_worker import create_app, start_background, stop_background
from cattube_worker.assemblies.hosts import hosts
from cattube_worker.background.background import Background, PeriodicTask, WorkLoop, attempt, threads_of
from cattube_worker.clock import Clock
from cattube_worker.engine.engine import Engine
from cattube_worker.errors import TryLater

from ..conftest import TestEngine, open_test_engine, settings_for


def test_there_are_as_many_threads_as_the_settings_say(tmp_path: Path) -> None:
    engine = open_test_engine(tmp_path, job_threads=2, early_encodes=0)

    names = [thread.name for thread in threads_of(engine.parts)]

    assert names == [
        *("probe", "jobs-0", "jobs-1", "batch", "speech", "outbox-0", "outbox-1", "cleanup"),
        *("digests", "slow-senders", "leases", "sweep"),
    ]
    engine.close()


def test_host_among_others_tells_them_of_jobs_and_reports_itself(tmp_path: Path) -> None:
    engine = open_test_engine(
        tmp_path, job_threads=0, early_encodes=0, broker_url="amqp://127.0.0.1:1//", host_name="roof"
    )

    names = [
        thread.name for thread in threads_of(engine.parts, engine.parts.work.host_report("ingest", Clock()))
    ]

    assert names == [
        *("probe", "jobs-0", "batch", "speech", "outbox-0", "outbox-1", "cleanup"),
        *("digests", "slow-senders", "leases", "sweep", "announcer", "host"),
    ]
    engine.close()


def test_f94_only_host_starts_without_a_word_about_others(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F94: it would wait for whoever writes to its database."""
    forgotten: list[object] = []
    monkeypatch.setattr(hosts, "forget_all", forgotten.append)
    background = Background(engine.parts)

    background.start()
    background.stop()

    assert forgotten == []


def test_f94_hosts_of_former_times_are_forgotten(engine: TestEngine) -> None:
    """F94"""
    engine.parts.work.host_report("worker", Clock()).join()
    background = Background(engine.parts)

    background.start()
    background.stop()

    with engine.database.read() as session:
        assert hosts.hosts_of(session) == []


def test_f94_only_host_asks_for_no_others_before_a_long_video(
    engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F94"""

    def fail(*_: object, **__: object) -> int:
        raise AssertionError

    monkeypatch.setattr(hosts, "free_workers", fail)

    assert engine.runner()._tasks.part_tasks.free_workers() == 1


def test_f50_leases_are_right_on_an_ingest_host_whose_clock_is_an_hour_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F50: worker hosts would take over its jobs, or leave those of one that died alone for an hour."""
    right = time.time
    monkeypatch.setattr(time, "time", lambda: right() + 3600)
    app = create_app(settings_for(tmp_path, broker_url="amqp://127.0.0.1:1//", host_name="roof"))
    engine: Engine = app.extensions["engine"]

    start_background(app)

    assert engine.work.jobs.clock() == pytest.approx(right(), abs=30)
    stop_background(app)
    engine.database.close()


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


def test_timer_stops_at_once(engine: TestEngine) -> None:
    stop, calls = Event(), []
    stop.set()

    PeriodicTask("sweep", lambda: calls.append(1), 3600).run(stop)

    assert calls == []


def test_background_that_was_stopped_does_not_start_again(engine: TestEngine) -> None:
    background = Background(engine.parts)
    background.start()
    background.stop()

    background.start()

    assert not any(thread.is_alive() for thread in background._threads)
