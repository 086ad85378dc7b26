"""Results of one host that lie in the bucket: served by any host, and removed in time."""

from __future__ import annotations

import urllib.request
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ...conftest import UPLOAD_ONLY
from ...server.conftest import PATIENCE_SECONDS
from .conftest import Hosts
from .packing import BYTES, PACK_AND_STORE, unpacked, uploaded


def test_result_that_comes_too_late_is_dropped_and_swept(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F62: its lease had ended, and the assembly was cancelled and tidied up."""
    assembly = uploaded(hosts)
    leave = type(hosts.worker.parts.files.job_files).leave

    def leave_late(*arguments: Any, **options: Any) -> Any:
        hosts.ingest.client.delete(f"/assemblies/{assembly['assembly_id']}", data=hosts.ingest.signed({}))
        hosts.ingest.cleanup.tidy_ended()
        return leave(*arguments, **options)

    monkeypatch.setattr(type(hosts.worker.parts.files.job_files), "leave", leave_late)

    assert hosts.worker.runner().run_once()
    orphans = hosts.objects()
    hosts.worker.cleanup.sweep_files()

    assert len(orphans) == 1
    assert hosts.objects() == []
    assert hosts.ingest.status(assembly)["ok"] == "ASSEMBLY_CANCELED"


def test_result_that_no_step_stored_is_served_by_any_host_for_its_day(hosts: Hosts) -> None:
    """S49"""
    steps = {**UPLOAD_ONLY, "packed": PACK_AND_STORE["packed"]}
    assembly = uploaded(hosts, steps)
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()
    (result,) = hosts.ingest.status(assembly)["results"]["packed"]

    location = hosts.ingest.get(result["url"]).headers["Location"]
    hosts.ingest.cleanup.sweep_files()
    with urllib.request.urlopen(location, timeout=PATIENCE_SECONDS) as answer:
        served = answer.read()
    hosts.ingest.clock.advance(25 * 3600)
    hosts.ingest.cleanup.sweep_files()

    assert unpacked(served) == BYTES
    assert hosts.objects() == []


def test_w77_result_is_as_harmless_at_the_bucket_as_at_a_host(hosts: Hosts) -> None:
    assembly = uploaded(hosts, {**UPLOAD_ONLY, "packed": PACK_AND_STORE["packed"]})
    hosts.work(hosts.worker)
    (result,) = hosts.ingest.status(assembly)["results"]["packed"]
    link_ends = int(parse_qs(urlsplit(result["url"]).query)["expires"][0])
    hosts.ingest.clock.advance(link_ends - hosts.ingest.clock() - 600)

    location = hosts.ingest.get(result["url"]).headers["Location"]

    with urllib.request.urlopen(location, timeout=PATIENCE_SECONDS) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Type"] == "application/octet-stream"
    assert int(parse_qs(urlsplit(location).query)["X-Amz-Expires"][0]) <= 600


def test_deleting_an_ended_assembly_removes_its_results_from_the_bucket(hosts: Hosts) -> None:
    """S49"""
    steps = {**UPLOAD_ONLY, "packed": PACK_AND_STORE["packed"]}
    assembly = uploaded(hosts, steps)
    hosts.work(hosts.worker)
    hosts.ingest.cleanup.tidy_ended()
    (result,) = hosts.ingest.status(assembly)["results"]["packed"]

    hosts.ingest.client.delete(f"/assemblies/{assembly['assembly_id']}", data=hosts.ingest.signed({}))
    answer = hosts.ingest.get(result["url"])
    hosts.ingest.cleanup.sweep_files()

    assert answer.status_code == 404
    assert hosts.objects() == []
