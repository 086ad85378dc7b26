"""What a host fetches from another that breaks off, is damaged, or takes long."""

from __future__ import annotations

import pytest

from cattube_worker.execution.job_files.held_uploads import LIFETIME_SECONDS
from cattube_worker.execution.jobs.failed_jobs import AWAY_SECONDS

from .conftest import Hosts
from .packing import BYTES, check_result, job_of, uploaded


def test_fetch_that_breaks_off_goes_on_where_it_was(hosts: Hosts) -> None:
    """S46"""
    assembly = uploaded(hosts)
    hosts.door.breaks = [300_000, 400_000, 0]

    hosts.work(hosts.worker)
    hosts.worker.clock.advance(AWAY_SECONDS)
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    check_result(hosts, assembly)
    starts = ["bytes=0-", "bytes=300000-", "bytes=700000-", "bytes=700000-"]
    assert hosts.door.ranges == starts
    assert hosts.door.sent_bytes == len(BYTES)


def test_fetch_that_takes_longer_than_its_address_lasts_goes_on(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S46"""
    assembly = uploaded(hosts)
    hosts.door.breaks = [300_000]
    hours = [LIFETIME_SECONDS + 1]

    def write_slowly(_size_bytes: int) -> None:
        if hours:
            hosts.worker.clock.advance(hours.pop())

    monkeypatch.setattr(hosts.worker.parts.files.room, "note_written", write_slowly)

    assert hosts.worker.runner().run_once()

    assert hosts.door.ranges == ["bytes=0-", "bytes=300000-"]
    assert job_of(hosts.ingest, assembly, "packed").state == "done"


def test_damaged_upload_is_fetched_again_and_never_worked_on(hosts: Hosts) -> None:
    """S47"""
    assembly = uploaded(hosts)
    (path,) = (path for path in hosts.ingest.settings.uploads_dir.rglob("*") if path.is_file())
    path.write_bytes(bytes(len(BYTES)))

    assert hosts.worker.runner().run_once()
    fetches = list(hosts.door.ranges)
    damaged = job_of(hosts.ingest, assembly, "packed")
    path.write_bytes(BYTES)
    hosts.worker.clock.advance(60)
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    assert fetches == ["bytes=0-", "bytes=0-"]
    assert (damaged.state, damaged.attempt) == ("waiting", 1)
    check_result(hosts, assembly)
