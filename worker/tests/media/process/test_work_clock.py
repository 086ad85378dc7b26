"""Clock of a program's work: pauses are no time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cattube_worker.media.process.work_clock import WorkClock

from ...conftest import TestClock

Act = Callable[[WorkClock, TestClock], None]


def wait(seconds: float) -> Act:
    return lambda clock, time: time.advance(seconds)


def stop(clock: WorkClock, time: TestClock) -> None:
    clock.stop()


def go_on(clock: WorkClock, time: TestClock) -> None:
    clock.go_on()


@pytest.mark.parametrize(
    ("acts", "seconds", "is_stopped"),
    [
        pytest.param([], 0, False, id="new"),
        pytest.param([wait(5)], 5, False, id="at work"),
        pytest.param([wait(5), stop, wait(3600)], 5, True, id="paused"),
        pytest.param([stop, wait(3600)], 0, True, id="paused at once"),
        pytest.param([wait(5), stop, wait(3600), go_on, wait(2)], 7, False, id="continued"),
        pytest.param([wait(5), stop, stop, wait(9), stop, go_on, wait(2)], 7, False, id="stopped often"),
        pytest.param([wait(5), go_on, wait(2), go_on], 7, False, id="continued without a pause"),
        pytest.param([stop, wait(9), go_on, wait(1), stop, wait(9), go_on, wait(1)], 2, False, id="twice"),
    ],
)
def test_f81_only_time_at_work_counts(acts: list[Act], seconds: float, is_stopped: bool) -> None:
    time = TestClock()
    clock = WorkClock(time)

    for act in acts:
        act(clock, time)

    assert clock() == pytest.approx(seconds)
    assert clock.is_stopped == is_stopped
