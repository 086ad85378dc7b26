"""Where a video is cut into parts, and where it is left whole."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from cattube_worker.media.mp4.sample_table import SampleTable
from cattube_worker.media.parts.cuts import MOST_PARTS, cuts_of, part_count
from cattube_worker.media.parts.divisible import from_second

TICKS = 512
# 100 frames, every tenth of them a key frame.
EVEN = SampleTable(
    scale=30 * TICKS,
    shown_at=tuple(place * TICKS for place in range(100)),
    frame_ticks=TICKS,
    key_frames=tuple(range(0, 100, 10)),
    codec=b"avc1",
    configuration=b"sets",
    has_odd_edits=False,
)


def shown(*changes: tuple[int, int]) -> tuple[int, ...]:
    """The times of EVEN, with some frames shown at the time of others."""
    times = list(EVEN.shown_at)
    for place, other in changes:
        times[place] = EVEN.shown_at[other]
    return tuple(times)


@pytest.mark.parametrize(
    ("seconds", "workers", "expected"),
    [
        pytest.param(300, 1, 1, id="one-worker"),
        pytest.param(300, 2, 4, id="as-many-for-each"),
        pytest.param(119, 2, 1, id="too-short"),
        pytest.param(130, 4, 2, id="fewer-than-workers"),
        pytest.param(86_400, 2, MOST_PARTS, id="very-long"),
    ],
)
def test_m75_there_are_as_many_parts_as_workers_can_share(
    seconds: float, workers: int, expected: int
) -> None:
    """M75"""
    assert part_count(seconds, workers=workers, part_seconds=60) == expected


@pytest.mark.parametrize(
    ("count", "expected"), [(2, (50,)), (3, (30, 70)), (4, (20, 50, 70)), (10, tuple(range(10, 100, 10)))]
)
def test_m74_parts_begin_at_the_key_frames_nearest_to_even_shares(
    count: int, expected: tuple[int, ...]
) -> None:
    """M74"""
    assert cuts_of(EVEN, count) == expected


def test_frames_shown_in_another_order_are_no_hindrance_within_a_group() -> None:
    assert cuts_of(replace(EVEN, shown_at=shown((1, 2), (2, 1), (51, 53), (53, 51))), 2) == (50,)


def test_m74_key_frame_whose_group_is_open_is_passed_over() -> None:
    """M74: the frame before it is shown after it."""
    assert cuts_of(replace(EVEN, shown_at=shown((49, 50), (50, 49))), 2) == (40,)


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(None, id="no-index"),
        pytest.param(replace(EVEN, codec=b"mp4v"), id="another-codec"),
        pytest.param(replace(EVEN, configuration=b""), id="several-descriptions"),
        pytest.param(replace(EVEN, has_odd_edits=True), id="edit-list"),
        pytest.param(replace(EVEN, frame_ticks=None), id="uneven"),
        pytest.param(replace(EVEN, frame_ticks=0), id="no-time-at-all"),
        pytest.param(replace(EVEN, shown_at=tuple(at + 5 for at in EVEN.shown_at)), id="begins-late"),
        pytest.param(replace(EVEN, shown_at=shown((99, 98))), id="two-at-once"),
        pytest.param(replace(EVEN, scale=120 * TICKS), id="more-frames-than-are-kept"),
        pytest.param(replace(EVEN, key_frames=(0,)), id="one-key-frame"),
        pytest.param(replace(EVEN, key_frames=(0, 10)), id="parts-too-unlike"),
        pytest.param(replace(EVEN, key_frames=(0, 50, 500)), id="key-frame-that-is-not-there"),
    ],
)
def test_m74_what_cannot_be_cut_evenly_is_left_whole(table: SampleTable | None) -> None:
    """M74"""
    assert cuts_of(table, 4) is None


def test_m73_key_frames_of_a_part_are_asked_for_by_the_clock_of_the_whole() -> None:
    """M73"""
    video = ("-c:v", "libx264", "-force_key_frames", "expr:gte(t,n_forced*2)")

    shifted = from_second(video, Fraction(5), frame_seconds=Fraction(1, 25))

    assert shifted == ("-c:v", "libx264", "-force_key_frames", "expr:gte(t+5.005000,(n_forced+3)*2)")
    assert from_second(video[:2], Fraction(5), frame_seconds=Fraction(1, 25)) == video[:2]
