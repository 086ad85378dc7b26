"""Streams that need not be encoded again."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.media.encode.stream_copy import Copyable, can_copy_audio, can_copy_video, copyable
from cattube_worker.media.geometry import Size

META: dict[str, Any] = {
    "width": 1280, "height": 720, "framerate": 30.0, "rotation": 0, "num_video_streams": 1,
    "video_codec": "h264", "encoding_profile": "High", "pixel_format": "yuv420p", "video_bitrate": 4_000_000,
    "overall_bitrate": 4_130_000, "audio_codec": "aac", "audio_channels": 2, "audio_samplerate": 48_000,
    "audio_bitrate": 128_000,
}  # fmt: skip
HD = Size(1280, 720)
BY_QUALITY = ("-c:v", "libx264", "-crf", "23")
AT_A_RATE = ("-c:v", "libx264", "-b:v", "3300k")
AAC = ("-c:a", "aac", "-b:a", "128k")


def streams(*, mime: str = "video/mp4", **changed: Any) -> Copyable:
    return copyable({key: value for key, value in (META | changed).items() if value is not None}, mime=mime)


def test_what_every_player_plays_can_be_copied() -> None:
    assert streams() == Copyable(video_bitrate=4_000_000, frames_per_second=30.0, audio_bitrate=128_000)


@pytest.mark.parametrize(
    "changed",
    [
        {"video_codec": "hevc"},
        {"encoding_profile": "High 10"},
        {"pixel_format": "yuv420p10le"},
        {"rotation": 90},
        {"sample_aspect_ratio": "4:3"},
        {"field_order": "tt"},
        {"color_range": "pc"},
        {"color_transfer": "smpte2084"},
        {"color_primaries": "bt2020"},
        {"framerate": 120.0},
        {"framerate": None},
        {"height": 719},
        {"num_video_streams": 2},
        {"video_bitrate": None, "overall_bitrate": None},
        {"mime": "video/mp2t"},
    ],
    ids=str,
)
def test_video_that_needs_work_can_not_be_copied(changed: dict[str, Any]) -> None:
    assert streams(**changed).video_bitrate is None


@pytest.mark.parametrize(
    "changed",
    [
        {"audio_codec": "opus"},
        {"audio_profile": "HE-AAC"},
        {"audio_channels": 6},
        {"audio_samplerate": 96_000},
        {"audio_bitrate": None},
        {"mime": "video/x-msvideo"},
    ],
    ids=str,
)
def test_audio_that_needs_work_can_not_be_copied(changed: dict[str, Any]) -> None:
    assert streams(**changed).audio_bitrate is None


@pytest.mark.parametrize(
    ("bitrate", "options", "size", "is_copied"),
    [
        pytest.param(5_500_000, BY_QUALITY, HD, True, id="as-busy-footage"),
        pytest.param(9_000_000, BY_QUALITY, HD, False, id="more-than-by-quality"),
        pytest.param(450_000, BY_QUALITY, Size(64, 48), True, id="small-ones-may-have-more-for-a-pixel"),
        pytest.param(3_900_000, AT_A_RATE, HD, True, id="within-a-fifth-of-the-rate"),
        pytest.param(4_100_000, AT_A_RATE, HD, False, id="more-than-the-rate"),
    ],
)
def test_video_is_copied_while_it_is_no_larger_than_ours(
    bitrate: int, options: tuple[str, ...], size: Size, is_copied: bool
) -> None:
    assert can_copy_video(streams(video_bitrate=bitrate), options, size) is is_copied


@pytest.mark.parametrize(
    ("bitrate", "options", "is_copied"),
    [
        pytest.param(128_000, AAC, True, id="as-many-bits"),
        pytest.param(320_000, AAC, False, id="more-bits"),
        pytest.param(128_000, (*AAC, "-ar", "44100"), False, id="another-rate-is-wanted"),
        pytest.param(96_000, ("-c:a", "libopus", "-b:a", "128k"), False, id="another-encoding-is-wanted"),
    ],
)
def test_sound_is_copied_while_it_is_no_larger_than_ours(
    bitrate: int, options: tuple[str, ...], is_copied: bool
) -> None:
    assert can_copy_audio(streams(audio_bitrate=bitrate), options) is is_copied
