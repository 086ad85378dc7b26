"""A worker host beside Celery."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cattube_worker.assemblies.hosts import hosts
from cattube_worker.execution import resources
from cattube_worker.media.errors import ToolsMissing
from cattube_worker.media.process.tools import Tools
from cattube_worker.settings import Settings, SettingsError
from cattube_worker.worker_host import WorkerHost

from .conftest import settings_for

NOWHERE = "amqp://guest:guest@127.0.0.1:1//"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path, broker_url=NOWHERE, host_name="fence", scratch="folder")


@pytest.fixture
def host(settings: Settings) -> Iterator[WorkerHost]:
    host = WorkerHost(settings, slots=1)
    yield host
    host.engine.database.close()


def test_f50_leases_are_right_on_a_host_whose_clock_is_an_hour_ahead(
    host: WorkerHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F50: or it would take over what others are at, and hold its own for an hour after it died."""
    right = time.time
    monkeypatch.setattr(time, "time", lambda: right() + 3600)

    host.start()

    assert host.engine.work.jobs.clock() == pytest.approx(right(), abs=30)
    host.stop()


def test_host_is_shown_while_it_is_there(host: WorkerHost) -> None:
    host.start()
    with host.engine.database.read() as session:
        before = [(facts.name, facts.role) for facts in hosts.hosts_of(session)]

    host.stop()

    assert before == [("fence", "worker")]
    with host.engine.database.read() as session:
        assert hosts.hosts_of(session) == []


def test_worker_host_needs_a_broker_and_room_for_a_job(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(SettingsError, match="JOB_THREADS"):
        WorkerHost(settings.model_copy(update={"job_threads": 0}), slots=0)
    with pytest.raises(SettingsError, match="BROKER_URL"):
        WorkerHost(settings_for(tmp_path), slots=1)


def test_f90_worker_host_whose_bucket_was_forgotten_does_not_start(settings: Settings) -> None:
    """F90: all files of its jobs would seem to be gone."""
    with pytest.raises(SettingsError, match="BUCKET_NAME"):
        WorkerHost(settings.model_copy(update={"scratch": ""}), slots=1)


def test_f90_worker_host_without_ffmpeg_does_not_join(
    host: WorkerHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F90: it would fail each job faster than the others can take it."""

    def find_none(**_: object) -> Tools:
        raise ToolsMissing("There is no ffmpeg.")

    monkeypatch.setattr(resources, "find_tools", find_none)

    with pytest.raises(SettingsError, match="no ffmpeg"):
        host.start()

    with host.engine.database.read() as session:
        assert hosts.hosts_of(session) == []


def test_worker_host_encodes_uploads_that_arrive_elsewhere(tmp_path: Path) -> None:
    """F64"""
    bucket = {
        "bucket_name": "cats",
        "b2_endpoint_url": "http://127.0.0.1:1",
        "b2_application_key_id": "id",
        "b2_application_key": "key",
    }
    host = WorkerHost(settings_for(tmp_path, broker_url=NOWHERE, host_name="fence", **bucket), slots=1)

    host.start()
    names = {thread.name for thread in threading.enumerate()}
    host.stop()
    host.engine.database.close()

    assert names >= {"engine-arriving", "engine-streaming-0"}
