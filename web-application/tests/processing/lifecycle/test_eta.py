from datetime import UTC, datetime, timedelta

import pytest

from cattube.processing.lifecycle.eta import Estimate, estimate_after, estimate_from

START = datetime(2026, 11, 24, 20, tzinfo=UTC)


def after(*points: tuple[float, int]) -> Estimate:
    """The pace at the last of these (seconds since the start, percent)."""
    estimate = estimate_from(START, 0)
    for seconds, percent in points:
        estimate = estimate_after(estimate, START + timedelta(seconds=seconds), percent)
    return estimate


def seconds_to_end(estimate: Estimate) -> float | None:
    return (estimate.ends_at - START).total_seconds() if estimate.ends_at else None


@pytest.mark.parametrize(
    "points", [[], [(2, 50)], [(60, 2)]], ids=["nothing-yet", "too-soon", "hardly-moved"]
)
def test_no_number_without_ground_for_one(points: list[tuple[float, int]]) -> None:
    assert seconds_to_end(after(*points)) is None


def test_steady_work_ends_when_its_pace_says() -> None:
    assert seconds_to_end(after((10, 10), (20, 20), (50, 50))) == pytest.approx(100)


def test_end_comes_nearer_without_jumps_when_work_gets_faster() -> None:
    steady, faster = after((50, 50)), after((50, 50), (52, 90))

    # At once it would be 57.8.
    assert seconds_to_end(steady) == pytest.approx(100)
    assert seconds_to_end(faster) == pytest.approx(100 - 0.3 * (100 - 57.8), abs=0.1)


def test_end_that_has_passed_gives_way_to_what_is_measured() -> None:
    assert seconds_to_end(after((50, 50), (200, 60))) == pytest.approx(200 + 200 * 40 / 60)


def test_work_that_began_elsewhere_is_measured_from_there() -> None:
    first = estimate_after(Estimate(), START, 40)
    later = estimate_after(first, START + timedelta(seconds=10), 50)

    assert first == Estimate(since=START, from_percent=40)
    assert seconds_to_end(later) == pytest.approx(60)
