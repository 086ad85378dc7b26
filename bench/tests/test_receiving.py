from __future__ import annotations

from pathlib import Path

import pytest
from bench.measures.transfer import receiving
from bench.measures.transfer.receiving import GO, NODE, Reading, peers_here, rows_beside


def test_both_speed_and_cost_are_held_against_a_peer() -> None:
    ours, theirs = Reading(110.0, 0.9), Reading(100.0, 1.0)

    speed, cost = rows_beside(GO, "1 stream", ours, theirs)

    assert (speed.name, speed.limit, speed.holds) == ("tus receive, 1 stream, beside tusd", 120.0, False)
    assert (cost.name, cost.limit, cost.holds) == ("tus receive CPU, 1 stream, beside tusd", 1.0, True)


def test_tusd_is_measured_where_it_was_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "TUSD", tmp_path / "tusd")
    (tmp_path / "tusd").touch()

    assert peers_here() == [NODE, GO]


def test_without_tusd_its_rows_are_left_out_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(receiving, "TUSD", tmp_path / "tusd")

    assert peers_here() == [NODE]
    assert "its rows are left out" in capsys.readouterr().err
