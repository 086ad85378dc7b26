"""The doctor at the hosts that work for the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cattube.doctor.finding import Finding
from cattube.doctor.hosts import check_hosts
from cattube.processing.transloadit.hosts import EngineLoad, Host

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
