"""Long recordings are recognised in stretches, which bounds memory and cuts through no word."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

from cattube_worker.media.speech import recognize_program
from cattube_worker.media.speech.recognize_program import SAMPLE_RATE, stretches


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches of four seconds, which end within their last two."""
    monkeypatch.setattr(recognize_program, "STRETCH_SECONDS", 4)
    monkeypatch.setattr(recognize_program, "SEARCHED_SECONDS", 2)


def loud(seconds: float) -> Any:
    return numpy.tile(numpy.array([9000, -32768], numpy.int16), int(seconds * SAMPLE_RATE) // 2)


@pytest.mark.parametrize("seconds", [0, 0.01, 4, 4.01, 10])
def test_m98_every_sample_is_in_one_stretch(seconds: float) -> None:
    """M98"""
    samples = loud(seconds)

    ends = list(stretches(samples))

    assert [place for start, end in ends for place in range(start, end)] == list(range(len(samples)))
    assert all(end - start <= 4 * SAMPLE_RATE for start, end in ends)


def test_m98_stretch_ends_in_the_pause_that_is_there() -> None:
    """M98"""
    samples = loud(8)
    samples[int(2.5 * SAMPLE_RATE) : int(2.7 * SAMPLE_RATE)] = 3

    first, *_ = stretches(samples)

    assert 2.5 <= first[1] / SAMPLE_RATE <= 2.7
