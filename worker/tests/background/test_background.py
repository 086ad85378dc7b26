"""What starts with a server: hosts are joined, clocks agree, and the end is the end."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cattube_worker import create_app, start_background, stop_background
from cattube_worker.assemblies.hosts import hosts
from cattube_worker.background.background import Background
from cattube_worker.clock import Clock
from cattube_worker.engine.engine import Engine

from ..conftest import TestEngine, settings_for


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


def test_background_that_was_stopped_does_not_start_again(engine: TestEngine) -> None:
    background = Background(engine.parts)
    background.start()
    background.stop()

    background.start()

    assert not any(thread.is_alive() for thread in background._threads)
