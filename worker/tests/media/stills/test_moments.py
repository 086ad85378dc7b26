"""Moments of thumbnails, and the filters that choose their frames."""

from __future__ import annotations

import pytest

from cattube_worker.media.stills.moments import choose_frames, evenly_spaced, moments


def test_a_count_divides_the_video_into_equal_parts() -> None:
    assert evenly_spaced(3, 8) == (2, 4, 6)


@pytest.mark.parametrize(
    ("offsets", "seconds"),
    [
        pytest.param(["10%"], (1.0,), id="percent"),
        pytest.param(["2.5", "1"], (1.0, 2.5), id="in-the-videos-order"),
        pytest.param(["0", "100%"], (0.0, 10.0), id="both-ends"),
        pytest.param(["11", "150%", "5"], (5.0,), id="outside-is-left-out"),
    ],
)
def test_offsets_are_seconds_or_percent(offsets: list[str], seconds: tuple[float, ...]) -> None:
    assert moments(offsets, 10) == seconds


def test_the_moment_of_a_video_of_unknown_length_is_its_first() -> None:
    assert moments(["10%"], 0) == (0.0,)
    assert evenly_spaced(1, 0) == (0.0,)


def test_moments_at_even_distances_are_a_frame_rate() -> None:
    assert choose_frames(evenly_spaced(100, 3)) == (
        "tpad=stop_mode=clone:stop=1",
        "tpad=stop_mode=clone:stop_duration=0.059",
        "setpts=PTS-0.029703/TB",
        "fps=1000000/29703:start_time=0:round=up",
        "tpad=stop_mode=clone:stop=100",
    )


def test_the_first_moment_may_be_where_reading_begins() -> None:
    assert choose_frames([0, 2, 4])[2:4] == (
        "setpts=PTS-0.000000/TB",
        "fps=1000000/2000000:start_time=0:round=up",
    )


@pytest.mark.parametrize("seconds", [[1.5], [1, 2, 4], [0, 1, 1]])
def test_other_moments_are_selected_one_by_one(seconds: list[float]) -> None:
    assert choose_frames(seconds)[1].startswith(f"select='isnan(prev_selected_t)*gte(t,{seconds[0]:.3f})")


def test_the_first_frame_of_a_video_of_unknown_length_stands_for_all() -> None:
    assert choose_frames(evenly_spaced(8, 0)) == ("trim=end_frame=1", "tpad=stop_mode=clone:stop=8")
