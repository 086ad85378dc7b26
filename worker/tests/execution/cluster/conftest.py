"""An engine of a site with several hosts, which speaks to no broker unless a test has it do so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cattube_worker.assemblies.hosts import hosts

from ...conftest import TestEngine, open_test_engine

NOWHERE = "amqp://guest:guest@127.0.0.1:1//"


def report(engine: TestEngine, name: str, role: str, *, takes_jobs: bool = True) -> None:
    """Have a host of that name report."""
    with engine.database.write() as session:
        hosts.check_in(
            session,
            name=name,
            role=role,
            version="1",
            started_at=0.0,
            clock_offset_seconds=0.0,
            ffmpeg_version="9",
            missing_encoders=[],
            takes_jobs=takes_jobs,
            running=[],
        )


def beside(engine: TestEngine, folder: Path, **settings: object) -> TestEngine:
    """Another engine on the same database, with a state folder of its own."""
    folder.mkdir()
    url = engine.settings.worker_database_url.get_secret_value()
    return open_test_engine(folder, engine.clock, worker_database_url=url, broker_url=NOWHERE, **settings)


@pytest.fixture
def roof(tmp_path: Path) -> Iterator[TestEngine]:
    """The host "roof", to which clients send."""
    engine = open_test_engine(tmp_path, broker_url=NOWHERE, host_name="roof")
    report(engine, "roof", hosts.INGEST)
    yield engine
    engine.close()
