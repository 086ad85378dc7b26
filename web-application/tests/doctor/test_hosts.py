"""The doctor at the hosts that work for the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cattube.doctor.finding import Finding
from cattube.doctor.hosts import check_hosts
from cattube.doctor.waiting import check_waiting
from cattube.processing.transloadit.hosts import EngineLoad, Host, Queue

WELL = Host(
    name="worker-1",
    role="worker",
    version="0.2.0",
    seen_at=datetime(2026, 11, 30, 8, 0, 5, tzinfo=UTC),
    is_present=True,
    clock_offset_seconds=-0.4,
    ffmpeg_version="5.1.9",
    missing_encoders=(),
    running=(),
)


def findings_of(*hosts: Host) -> list[Finding]:
    return list(check_hosts(EngineLoad("0.2.0", hosts, ())))


def test_f116_site_on_which_no_host_takes_jobs_is_told_so() -> None:
    """F116: they would wait for ever without a word."""
    ingest = replace(WELL, name="ingest", role="ingest", takes_jobs=False)
    load = EngineLoad("0.2.0", (ingest,), (Queue("work", 2, 0, 5.0), Queue("batch", 1, 0, 5.0)))

    (finding,) = check_hosts(load)

    assert finding.verdict.value == "failed"
    assert finding.sentence == (
        "No host is there that takes jobs: ingest leaves them to worker hosts, and there is none. "
        "3 jobs wait, until one comes."
    )
    assert "make worker" in finding.fix
    assert "JOB_THREADS=1" in finding.fix


def test_f116_silent_worker_host_takes_no_jobs() -> None:
    """F116"""
    ingest = replace(WELL, name="ingest", role="ingest", takes_jobs=False)

    findings = findings_of(ingest, replace(WELL, is_present=False))

    assert [finding.name for finding in findings] == ["Hosts", "Host worker-1"]


def test_f117_broker_that_cannot_be_used_is_named() -> None:
    """F117"""
    load = EngineLoad("0.2.0", (WELL,), (), broker_problem="[Errno 111] Connection refused")

    (finding,) = check_hosts(load)

    assert (finding.name, finding.verdict.value) == ("Broker", "failed")
    assert "[Errno 111] Connection refused" in finding.sentence
    assert "BROKER_URL" in finding.fix


def test_f124_hosts_with_different_versions_of_ffmpeg_are_told_what_that_costs() -> None:
    """F124"""
    (finding,) = findings_of(WELL, replace(WELL, name="worker-2", ffmpeg_version="7.1"))

    assert (finding.name, finding.verdict.value) == ("Hosts", "warning")
    assert "(5.1.9, 7.1), so no long video is encoded in parts" in finding.sentence


@pytest.mark.parametrize(
    ("queue", "expected"),
    [
        pytest.param(Queue("work", 0, 1, 0.0), None, id="nothing waits"),
        pytest.param(Queue("work", 9, 1, 900.0), None, id="not for long"),
        pytest.param(
            Queue("work", 9, 1, 1500.0),
            "9 jobs of videos that cannot be watched yet wait, the first for 25 minutes; 1 at work.",
            id="for long",
        ),
        pytest.param(
            Queue("probe", 3, 0, 120.0),
            "3 uploads wait to be looked at, the first for 2 minutes; 0 at work.",
            id="clients wait",
        ),
        pytest.param(Queue("batch", 99, 1, 86_400.0), None, id="nobody waits"),
    ],
)
def test_f118_queue_in_which_people_wait_for_long_is_named(queue: Queue, expected: str | None) -> None:
    """F118"""
    (finding,) = check_waiting(EngineLoad("0.2.0", (), (queue,)))

    assert finding.verdict.value == ("warning" if expected else "ok")
    assert expected is None or finding.sentence == expected


def test_hosts_that_are_well_are_one_line() -> None:
    (finding,) = findings_of(WELL, replace(WELL, name="worker-2"))

    assert (finding.verdict.value, finding.sentence) == ("ok", "All hosts are well: worker-1, worker-2.")


@pytest.mark.parametrize("load", [None, EngineLoad("0.2.0", (), ())], ids=["hosted", "one machine"])
def test_engine_without_other_hosts_is_not_examined_for_them(load: EngineLoad | None) -> None:
    (finding,) = check_hosts(load)

    assert finding.verdict.value == "skipped"


@pytest.mark.parametrize(
    ("host", "verdict", "sentence", "fix"),
    [
        pytest.param(
            replace(WELL, version="0.1.0"),
            "warning",
            "It runs CatTube 0.1.0, and the engine 0.2.0.",
            "same version",
            id="another version",
        ),
        pytest.param(
            replace(WELL, clock_offset_seconds=3600.2),
            "failed",
            "Its clock is 3600 s ahead of that of the database.",
            "NTP",
            id="fast clock",
        ),
        pytest.param(
            replace(WELL, clock_offset_seconds=-90.0),
            "failed",
            "Its clock is 90 s behind that of the database.",
            "NTP",
            id="slow clock",
        ),
        pytest.param(
            replace(WELL, missing_encoders=("libx264", "libopus")),
            "failed",
            "Its ffmpeg 5.1.9 lacks: libx264, libopus.",
            "Install ffmpeg 5.1 or newer there",
            id="encoder missing",
        ),
        pytest.param(
            replace(WELL, ffmpeg_version=""),
            "failed",
            "It has no ffmpeg that works.",
            "Install ffmpeg 5.1 or newer there",
            id="no ffmpeg",
        ),
        pytest.param(
            replace(WELL, is_present=False, version="0.1.0"),
            "warning",
            "It has not reported since 2026-11-30 08:00:05 UTC; others do its jobs.",
            "Start it again",
            id="silent",
        ),
    ],
)
def test_d59_host_that_needs_something_is_named_with_what_to_do(
    host: Host, verdict: str, sentence: str, fix: str
) -> None:
    (finding,) = findings_of(replace(WELL, name="worker-2"), host)

    assert (finding.name, finding.verdict.value, finding.sentence) == ("Host worker-1", verdict, sentence)
    assert fix in finding.fix
