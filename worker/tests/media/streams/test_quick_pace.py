"""How far a quick start goes, and when it leaves the rest to the slow encoder."""

from __future__ import annotations

import pytest

from cattube_worker.media.streams.quick_pace import QuickPace


def pace(*, quick: float, slow: float, running: float = 5, watched: float | None = None) -> QuickPace:
    return QuickPace(quick_seconds=quick, slow_seconds=slow, running_seconds=running, watched_seconds=watched)


@pytest.mark.parametrize(
    ("quick", "watched", "must_pause"),
    [(1.5, None, False), (2, None, True), (2, 0, False), (4, 0, True), (14, 10, False), (16, 10, True)],
)
def test_m62_it_goes_no_farther_than_somebody_watches(
    quick: float, watched: float | None, must_pause: bool
) -> None:
    """M62"""
    assert pace(quick=quick, slow=0, watched=watched).must_pause is must_pause


@pytest.mark.parametrize(
    ("slow", "running", "is_enough"),
    [
        pytest.param(0, 4, False, id="nothing-is-there-yet"),
        pytest.param(4, 5, False, id="hardly-faster-than-the-player"),
        pytest.param(6.4, 4, True, id="faster-and-not-far-behind"),
        pytest.param(3, 2, False, id="faster-and-too-far-behind"),
        pytest.param(8, 10, True, id="slow-and-ahead"),
    ],
)
def test_m60_the_slow_encoder_takes_over_when_its_viewers_need_not_wait(
    slow: float, running: float, is_enough: bool
) -> None:
    """M60: at six seconds, of which viewers have seen three."""
    assert pace(quick=6, slow=slow, running=running, watched=3).is_enough is is_enough


def test_m62_what_nobody_watches_ends_when_the_slow_encoder_is_well_ahead() -> None:
    assert [pace(quick=2, slow=slow).is_enough for slow in (3, 7.5, 8)] == [False, False, True]


def test_m61_it_begins_soon_or_never() -> None:
    """M61"""
    assert [pace(quick=0, slow=0, running=running).is_enough for running in (9, 11)] == [False, True]


def test_it_ends_between_two_key_frames_never_of_its_own_will() -> None:
    assert not pace(quick=1.5, slow=60, watched=1).is_enough
