"""M56: how long a file is, by its pictures and its sound."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.media.inspect.lengths import is_doubtful, lengths
from cattube_worker.media.inspect.streams import choose_streams

VIDEO = {"codec_type": "video", "codec_name": "h264", "width": 320, "height": 180}
AUDIO = {"codec_type": "audio", "codec_name": "aac", "channels": 2, "sample_rate": "48000"}
SUBTITLE = {"codec_type": "subtitle", "codec_name": "subrip", "duration": "100"}


def seconds(container: dict[str, Any], *streams: dict[str, Any]) -> tuple[float | None, ...]:
    """Length of video, audio and both."""
    document = {"format": container, "streams": list(streams)}
    found = lengths(document, choose_streams(document))
    return found.video_seconds, found.audio_seconds, found.seconds


def needs_measuring(container: dict[str, Any], *streams: dict[str, Any]) -> bool:
    document = {"format": container, "streams": list(streams)}
    return is_doubtful(document, choose_streams(document), longest_seconds=14_400)


@pytest.mark.parametrize(
    ("container", "video", "audio", "expected"),
    [
        pytest.param({"duration": "9"}, {"duration": "2"}, {"duration": "3"}, (2, 3, 3), id="the-longer-one"),
        pytest.param(
            {"start_time": "1.4"},
            {"duration": "2", "start_time": "1.4"},
            {"duration": "2", "start_time": "1.9"},
            (2, 2.5, 2.5),
            id="one-begins-later",
        ),
        pytest.param(
            {"start_time": "1700000000", "is_fragmented": True},
            {"duration": "1700000006", "start_time": "1700000000"},
            {"duration": "1700000005", "start_time": "1700000000"},
            (6, 5, 6),
            id="fragments-since-1970",
        ),
        pytest.param(
            {"duration": "100", "format_name": "matroska,webm"},
            {"tags": {"DURATION": "00:00:06.021000000"}},
            {"tags": {"DURATION": "00:01:06.000000000"}},
            (pytest.approx(6.021), 66, 66),
            id="matroska-tells-by-track",
        ),
        pytest.param(
            {"duration": "9", "measured": {"video": 2.0, "audio": 3.0}},
            {"duration": "99"},
            {"duration": "99"},
            (2, 3, 3),
            id="measured",
        ),
        pytest.param({"duration": "9"}, {}, {}, (None, None, 9), id="the-container-alone"),
        pytest.param({}, {}, {}, (None, None, None), id="unknown"),
    ],
)
def test_m56_length_is_that_of_what_is_seen_and_heard(
    container: dict[str, Any], video: dict[str, Any], audio: dict[str, Any], expected: tuple[object, ...]
) -> None:
    assert seconds(container, VIDEO | video, AUDIO | audio, SUBTITLE) == expected


@pytest.mark.parametrize(
    ("container", "stream", "is_measured"),
    [
        pytest.param({"duration": "100"}, {}, True, id="a-subtitle-may-be-what-lasts"),
        pytest.param({"duration": "100"}, {"duration": "2"}, False, id="the-track-tells"),
        pytest.param({"duration": "99999"}, {"duration": "99999"}, True, id="it-would-be-refused"),
        pytest.param({}, {}, False, id="nothing-to-doubt"),
    ],
)
def test_m56_a_length_in_doubt_is_measured(
    container: dict[str, Any], stream: dict[str, Any], is_measured: bool
) -> None:
    assert needs_measuring(container, VIDEO | stream, SUBTITLE) is is_measured


def test_m56_a_stream_recorded_late_is_measured() -> None:
    assert needs_measuring({"format_name": "flv", "start_time": "500", "duration": "560"}, VIDEO)
    assert not needs_measuring({"format_name": "flv", "start_time": "0", "duration": "60"}, VIDEO)
