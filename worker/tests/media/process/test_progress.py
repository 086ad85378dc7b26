from __future__ import annotations

import pytest

from cattube_worker.media.process.progress import ProgressReader


def test_progress_rises_to_one_and_never_falls() -> None:
    reports: list[float] = []
    reader = ProgressReader(10, reports.append)

    for chunk in (b"frame=1\nout_time_us=N/A\nout_ti", b"me_us=2500000\n", b"out_time_us=1000000\n",
                  b"out_time_us=-5\n", b"out_time_us=99000000\nprogress=end\n"):  # fmt: skip
        reader.feed(chunk)

    assert reports == [0.25, 1.0]


@pytest.mark.parametrize("duration", [0, -1])
def test_of_an_unknown_length_nothing_is_reported(duration: float) -> None:
    reports: list[float] = []

    ProgressReader(duration, reports.append).feed(b"out_time_us=1000000\n")

    assert reports == []


def test_m18_a_line_without_an_end_is_not_kept() -> None:
    reports: list[float] = []
    reader = ProgressReader(10, reports.append)

    for _ in range(100):
        reader.feed(b"x" * 65536)
    reader.feed(b"\nout_time_us=5000000\n")

    assert reports == [0.5]
