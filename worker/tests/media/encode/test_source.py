"""Which streams an encode takes, and what is done to them first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cattube_worker.media.crop import Crop
from cattube_worker.media.encode.source import mix, source_of
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.video_facts import VideoFacts

FACTS = VideoFacts(width=320, height=180, duration_seconds=10, has_audio=True, audio_channels=2)


def test_an_ordinary_video_goes_through_no_filter() -> None:
    source = source_of(FACTS)

    assert (source.video, source.audio) == ("V:0", "a:0")
    assert source.video_filters == source.audio_filters == ()


@pytest.mark.parametrize(
    ("channels", "layout", "is_mixed"),
    [
        pytest.param(1, "", False, id="mono"),
        pytest.param(2, "", False, id="stereo"),
        pytest.param(6, "", False, id="six-are-taken-for-surround"),
        pytest.param(6, "5.1(side)", False, id="surround"),
        pytest.param(4, "quad", False, id="quad"),
        pytest.param(4, "", True, id="four-of-no-layout"),
        pytest.param(16, "hexadecagonal", True, id="sixteen"),
        pytest.param(2, "2 channels (FR+FL)", True, id="two-of-an-odd-layout"),
        pytest.param(4, "ambisonic 1", True, id="ambisonic"),
        pytest.param(0, "", False, id="unknown"),
    ],
)
def test_m52_channels_that_ffmpeg_cannot_place_are_mixed(channels: int, layout: str, is_mixed: bool) -> None:
    filters = mix(channels, layout)

    assert bool(filters) is is_mixed
    assert all(text.startswith("pan=stereo|") for text in filters)


def test_m53_the_track_that_ends_first_goes_on() -> None:
    held = source_of(replace(FACTS, video_seconds=2))
    silent = source_of(replace(FACTS, audio_seconds=4.5))

    assert held.video_filters == ("tpad=stop_mode=clone:stop_duration=8.000",)
    assert silent.audio_filters == ("apad=pad_dur=5.500",)


def test_m55_frames_of_another_size_pass_through_the_same_filters() -> None:
    """But where ffmpeg itself turns them upright first, by a filter that is made for one size."""
    assert source_of(FACTS).options == ("-reinit_filter:v", "0")
    assert source_of(replace(FACTS, rotation=90, is_mirrored=True)).options == ()


def test_m55_frames_come_to_one_size_before_they_are_turned() -> None:
    source = source_of(replace(FACTS, width=180, height=320, rotation=90))

    assert source.options == ("-reinit_filter:v", "0", "-noautorotate")
    scaling, _, turning, *_ = source.video_filters
    assert "eq(iw,320)*eq(ih,180)" in scaling
    assert turning == "transpose=clock"


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        (0, (100, 40, 10, 20)),
        (90, (40, 100, 20, 10)),
        (180, (100, 40, 50, 20)),
        (270, (40, 100, 20, 50)),
    ],
)
def test_m57_a_crop_turns_with_the_frame(degrees: int, expected: tuple[int, ...]) -> None:
    crop = Crop(stored=Size(160, 80), width=100, height=40, left=10, top=20).turned(degrees)

    assert (crop.width, crop.height, crop.left, crop.top) == expected


@pytest.mark.parametrize("part", [(160, 80, 0, 0), (0, 10, 0, 0), (100, 40, 90, 0), (100, 40, -1, 0)])
def test_m57_a_crop_of_nothing_or_of_all_is_none(part: tuple[int, ...]) -> None:
    width, height, left, top = part

    assert Crop.within(160, 80, width=width, height=height, left=left, top=top) is None
