"""Scratch files in the bucket that are deleted behind our back."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from cattube_worker.assemblies.hosts.hosts import WORKER, leave
from cattube_worker.execution.jobs.failed_jobs import AWAY_SECONDS

from ...conftest import UPLOAD_ONLY
from ..cluster.conftest import report
from .conftest import Hosts
from .packing import BYTES, PACK_AND_STORE, check_result, job_of, jobs_of, scratch_of, unpacked, uploaded

AGAIN = {"again": {"robot": "/file/compress", "use": "packed", "format": "zip"}}
PASSED = {"passed": {"robot": "/file/filter", "use": "packed", "accepts": [["${file.ext}", "=", "zip"]]}}


def delete_scratch(hosts: Hosts, assembly: dict[str, Any]) -> None:
    for key in hosts.objects(scratch_of(assembly)):
        hosts.server.client.delete_object(Bucket=hosts.bucket, Key=key)


@pytest.mark.parametrize(
    ("further", "jobs_before"),
    [
        pytest.param({}, 1, id="to-be-stored"),
        pytest.param(AGAIN, 1, id="to-be-worked-on"),
        pytest.param({**PASSED, "again": {**AGAIN["again"], "use": "passed"}}, 2, id="handed-on"),
    ],
)
def test_f100_scratch_deleted_behind_our_back_is_made_again(
    hosts: Hosts, further: dict[str, Any], jobs_before: int
) -> None:
    """F100: each result is there once, with the bytes that its digest is of."""
    assembly = uploaded(hosts, {**PACK_AND_STORE, **further})
    for _ in range(jobs_before):
        assert hosts.worker.runner().run_once()
    delete_scratch(hosts, assembly)

    hosts.work(hosts.ingest)

    status = hosts.ingest.status(assembly)
    assert status["ok"] == "ASSEMBLY_COMPLETED"
    assert {len(files) for files in status["results"].values()} == {1}
    (packed,) = (hosts.content(key) for key in hosts.objects("packed/"))
    assert unpacked(packed) == BYTES
    assert hashlib.md5(packed).hexdigest() == status["results"]["packed"][0]["md5hash"]


def test_f109_nothing_is_made_again_while_a_host_has_another_release(hosts: Hosts) -> None:
    """F109: it would add the files a second time. The job waits until all hosts have this one."""
    assembly = uploaded(hosts)
    assert hosts.worker.runner().run_once()
    delete_scratch(hosts, assembly)
    report(hosts.ingest, "older", WORKER)

    hosts.work(hosts.ingest)
    made = job_of(hosts.ingest, assembly, "packed")
    stored = [job for job in jobs_of(hosts.ingest, assembly) if job.node == "exported"]
    with hosts.ingest.database.write() as session:
        leave(session, "older")
    hosts.ingest.clock.advance(AWAY_SECONDS)
    hosts.work(hosts.ingest)

    assert (made.state, made.fence) == ("done", 1)
    # That of the upload, and that of what was packed: it was tried, which counts for nothing.
    assert sorted((job.state, job.attempt, job.fence) for job in stored) == [
        ("done", 1, 1),
        ("waiting", 0, 1),
    ]
    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"


def test_f100_file_that_was_stored_is_found_there_when_its_scratch_is_deleted(hosts: Hosts) -> None:
    """F100: it is not made again."""
    assembly = uploaded(hosts, {**PACK_AND_STORE, "again": {**AGAIN["again"], "use": "exported"}})
    while not hosts.objects("packed/"):
        assert hosts.worker.runner().run_once()
    delete_scratch(hosts, assembly)

    hosts.work(hosts.ingest)

    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_COMPLETED"
    assert job_of(hosts.ingest, assembly, "packed").fence == 1


def test_f100_scratch_that_is_deleted_each_time_is_told(hosts: Hosts) -> None:
    """F100, S48"""
    assembly = uploaded(hosts, {**UPLOAD_ONLY, "packed": PACK_AND_STORE["packed"], **AGAIN})
    for _ in range(hosts.ingest.settings.job_attempts):
        # Made at one host, and never found by the other.
        assert hosts.worker.runner().run_once()
        delete_scratch(hosts, assembly)
        assert hosts.ingest.runner().run_once()

    status = hosts.ingest.status(assembly)
    assert status["error"] == "INTERNAL_COMMAND_ERROR"
    assert status["message"].startswith("The bytes of ")


def test_scratch_deleted_behind_our_back_is_no_loss_at_the_host_that_made_it(hosts: Hosts) -> None:
    """S48"""
    assembly = uploaded(hosts)
    assert hosts.worker.runner().run_once()
    delete_scratch(hosts, assembly)

    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()

    check_result(hosts, assembly)
