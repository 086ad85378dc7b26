"""Which outputs can be watched while they are made, and the words by which ffmpeg writes them twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cattube_worker.media.encode.presets import PRESETS
from cattube_worker.media.encode.recipe import Output
from cattube_worker.media.encode.stream_copy import COPY_AUDIO, COPY_VIDEO
from cattube_worker.media.streams.live_preview import can_preview, live_preview_arguments, quoted


def output(preset: str, **changes: Any) -> Output:
    given = PRESETS[preset]
    plain = Output(path=Path("/a"), video=given.video, audio=given.audio, container=given.container)
    return replace(plain, **changes)


@pytest.mark.parametrize(
    "preset", ["empty", "hls/720p", "hls-720p", "web/mp4/720p", "dash-720p-video", "ipad"]
)
def test_every_h264_in_an_mp4_can_be_watched_while_it_is_made(preset: str) -> None:
    assert can_preview(output(preset))


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(output("web/webm/720p"), id="webm"),
        pytest.param(output("web/mp4-x265/720p"), id="h265"),
        pytest.param(output("hls/720p", video=COPY_VIDEO), id="copied"),
        pytest.param(output("hls/720p", starts_at_seconds=3), id="from-a-moment-on"),
        pytest.param(output("hls/720p", lasts_seconds=3), id="up-to-a-moment"),
        pytest.param(output("hls/720p", is_in_pieces=True), id="in-pieces"),
        pytest.param(output("hls/720p", container=("-f", "mov")), id="other-container"),
        pytest.param(output("hls/720p", container=("-f", "mp4", "-movflags", "+rtphint")), id="with-hints"),
        pytest.param(output("hls/720p", audio=("-c:a", "libmp3lame")), id="mp3-in-mp4"),
        pytest.param(output("hls/720p", video=("-c:v", "mjpeg"), stills_at_seconds=(1.0,)), id="stills"),
    ],
)
def test_other_outputs_are_made_as_ever(wanted: Output) -> None:
    assert not can_preview(wanted)


@pytest.mark.parametrize("audio", [None, COPY_AUDIO])
def test_silence_and_sound_that_is_kept_are_no_hindrance(audio: tuple[str, ...] | None) -> None:
    assert can_preview(output("hls/720p", audio=audio))


@pytest.mark.parametrize(
    ("text", "words"),
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
def test_what_tee_splits_at_is_hidden_from_it(text: str, words: str) -> None:
    assert quoted(text) == words


def test_the_file_and_the_stream_are_two_targets_of_one_encoder() -> None:
    words = live_preview_arguments(Path("/a b/made-1"), Path("/a b/made-1.live"), has_audio=True)

    assert words == [
        "-flags:v", "+global_header", "-flags:a", "+global_header", "-f", "tee",
        "[f=mp4:movflags=+faststart]file\\:/a\\ b/made-1|"
        "[f=hls:hls_time=2:hls_playlist_type=event:hls_segment_type=fmp4:"
        "hls_flags=temp_file+independent_segments:hls_fmp4_init_filename=init.mp4:"
        "hls_segment_filename=/a\\\\\\ b/made-1.live/%d.m4s:onfail=ignore]/a\\ b/made-1.live/live.m3u8",
    ]  # fmt: skip


def test_no_encoder_of_sound_is_spoken_to_where_there_is_none() -> None:
    assert "-flags:a" not in live_preview_arguments(Path("/a"), Path("/b"), has_audio=False)
