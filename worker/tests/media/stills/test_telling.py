"""M59: which of several stills shows something."""

from __future__ import annotations

from pathlib import Path

import pytest

from cattube_worker.media.encode.output import Output
from cattube_worker.media.stills.telling import candidates, first_telling, keep_telling


def test_candidates_lie_between_a_still_and_the_next() -> None:
    assert candidates([1, 5], end_seconds=11, count=2) == pytest.approx((1, 2.9, 5, 7.85))


@pytest.mark.parametrize(
    ("contrasts", "chosen"),
    [
        pytest.param([0, 3, 100, 219], 2, id="the-first-that-is-enough"),
        pytest.param([219, 0], 0, id="where-it-was-to-be"),
        pytest.param([1, 9, 4], 1, id="else-the-best"),
        pytest.param([0, 0], 0, id="else-the-first"),
    ],
)
def test_m59_the_first_still_that_shows_something_is_taken(contrasts: list[int], chosen: int) -> None:
    assert first_telling(contrasts) == chosen


def test_m59_of_the_candidates_of_each_still_one_file_is_left(tmp_path: Path) -> None:
    paths = [tmp_path / f"still-0000{number}" for number in (1, 2, 3, 4)]
    for path in paths:
        path.touch()
    report = tmp_path / "still.shades"
    shades = [(16, 16), (16, 200), (30, 180), (16, 20)]
    report.write_text(
        "".join(
            f"frame:{index} pts:1\nlavfi.signalstats.YLOW={low}\nlavfi.signalstats.YHIGH={high}\n"
            for index, (low, high) in enumerate(shades)
        )
    )

    kept = keep_telling(Output(path=tmp_path / "still", candidates=2, shades_report=report), paths)

    assert kept == [paths[1], paths[2]]
    assert sorted(tmp_path.iterdir()) == kept
