"""The threads in the background: which there are."""

from __future__ import annotations

from pathlib import Path

from cattube_worker.background.threads import threads_of
from cattube_worker.clock import Clock

from ..conftest import open_test_engine


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
