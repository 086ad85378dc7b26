from __future__ import annotations

import pytest

from cattube_worker.media.stills import evenly_spaced, moments


def test_a_count_cuts_the_video_into_equal_parts() -> None:
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


def test_of_a_video_of_unknown_length_there_is_its_first_picture() -> None:
    assert moments(["10%"], 0) == (0.0,)
    assert evenly_spaced(1, 0) == (0.0,)
