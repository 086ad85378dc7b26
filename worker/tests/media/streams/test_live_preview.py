"""Outputs that can be previewed while they are encoded, and the arguments that write them twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.media.color_tags import HD
from cattube_worker.media.encode.output import COPY_AUDIO, Output, copy_video
from cattube_worker.media.encode.presets import PRESETS
from cattube_worker.media.streams.live_preview import can_preview, escape_for_tee, live_preview_arguments


def output(preset: str, **changes: Any) -> Output:
    recipe = PRESETS[preset]
    plain = Output(path=Path("/a"), video=recipe.video, audio=recipe.audio, container=recipe.container)
    return replace(plain, **changes)


@pytest.mark.parametrize(
    "preset", ["empty", "hls/720p", "hls-720p", "web/mp4/720p", "dash-720p-video", "ipad"]
)
def test_every_h264_in_an_mp4_can_be_previewed(preset: str) -> None:
    assert can_preview(output(preset))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(output("web/webm/720p"), id="webm"),
        pytest.param(output("web/mp4-x265/720p"), id="h265"),
        pytest.param(output("hls/720p", video=copy_video(HD)), id="copied"),
        pytest.param(output("hls/720p", starts_at_seconds=3), id="from-a-moment-on"),
        pytest.param(output("hls/720p", lasts_seconds=3), id="up-to-a-moment"),
        pytest.param(output("hls/720p", is_segmented=True), id="in-pieces"),
        pytest.param(output("hls/720p", container=("-f", "mov")), id="other-container"),
        pytest.param(output("hls/720p", container=("-f", "mp4", "-movflags", "+rtphint")), id="with-hints"),
        pytest.param(output("hls/720p", audio=("-c:a", "libmp3lame")), id="mp3-in-mp4"),
        pytest.param(output("hls/720p", video=("-c:v", "mjpeg"), stills_at_seconds=(1.0,)), id="stills"),
    ],
)
def test_other_outputs_have_no_preview(other: Output) -> None:
    assert not can_preview(other)


@pytest.mark.parametrize("audio", [None, COPY_AUDIO])
def test_silence_and_copied_audio_can_be_previewed(audio: tuple[str, ...] | None) -> None:
    assert can_preview(output("hls/720p", audio=audio))


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("/data/tmp/a-1.live/%d.m4s", "/data/tmp/a-1.live/%d.m4s"),
        ("cats and dogs", "cats\\ and\\ dogs"),
        ("a|b", "a\\|b"),
        ("a'b", "a\\'b"),
        ("a\\b", "a\\\\b"),
        ("[f=null]", "\\[f=null\\]"),
        ("a:b", "a\\:b"),
        ("a\tb\nc", "a\\\tb\\\nc"),
        ("ümlaut, =;#?*", "ümlaut,\\ =;#?*"),
    ],
)
def test_characters_that_tee_splits_at_are_escaped(text: str, escaped: str) -> None:
    assert escape_for_tee(text) == escaped


def test_the_file_and_the_stream_are_two_targets_of_one_encoder() -> None:
    arguments = live_preview_arguments(Path("/a b/made-1"), Path("/a b/made-1.live"), has_audio=True)

    assert arguments == [
        "-flags:v", "+global_header", "-flags:a", "+global_header", "-f", "tee",
        "[f=mp4:movflags=+faststart]file\\:/a\\ b/made-1|"
        "[f=hls:hls_time=0.5:hls_playlist_type=event:hls_segment_type=fmp4:"
        "hls_flags=temp_file+split_by_time:hls_fmp4_init_filename=init.mp4:"
        "hls_segment_filename=/a\\\\\\ b/made-1.live/%d.m4s:onfail=ignore]/a\\ b/made-1.live/live.m3u8",
    ]  # fmt: skip


def test_a_silent_output_has_no_arguments_for_audio() -> None:
    assert "-flags:a" not in live_preview_arguments(Path("/a"), Path("/b"), has_audio=False)
