"""M51: which of a file's streams people see and hear."""

from __future__ import annotations

from typing import Any

import pytest

from cattube_worker.media.inspect.streams import choose_streams

VIDEO = {"codec_type": "video", "codec_name": "h264", "width": 320, "height": 180}
AUDIO = {"codec_type": "audio", "codec_name": "aac", "channels": 2, "sample_rate": "48000"}
DEFAULT = {"disposition": {"default": 1}}


def document(*streams: dict[str, Any], programs: list[list[int]] | None = None) -> dict[str, Any]:
    return {
        "streams": [stream | {"index": index} for index, stream in enumerate(streams)],
        "programs": [{"streams": [{"index": index} for index in each]} for each in programs or []],
    }


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        pytest.param({}, {}, 0, id="the-first"),
        pytest.param({}, DEFAULT, 1, id="the-default"),
        pytest.param({"is_decodable": False} | DEFAULT, {}, 1, id="that-can-be-decoded"),
        pytest.param({"channels": 0} | DEFAULT, {}, 1, id="that-came"),
        pytest.param({"sample_rate": "0"} | DEFAULT, {}, 1, id="that-has-a-rate"),
        pytest.param({"is_empty": True} | DEFAULT, {}, 1, id="that-holds-something"),
        pytest.param({"disposition": {"default": 1, "comment": 1}}, {}, 1, id="no-commentary"),
        pytest.param({"disposition": {"visual_impaired": 1}}, {}, 1, id="no-description"),
        pytest.param(
            {"tags": {"language": "eng"}}, {"tags": {"language": "deu"}}, 1, id="the-videos-language"
        ),
        pytest.param(
            {"tags": {"language": "eng"}} | DEFAULT, {"tags": {"language": "deu"}}, 0, id="the-default-of-two"
        ),
    ],
)
def test_m51_of_two_sounds_one_is_heard(first: dict[str, Any], second: dict[str, Any], number: int) -> None:
    video = VIDEO | {"tags": {"language": "deu"}}

    chosen = choose_streams(document(video, AUDIO | first, AUDIO | second))

    assert chosen.audio_number == number


def test_m51_the_sound_of_the_videos_own_programme_is_heard() -> None:
    other = AUDIO | DEFAULT

    chosen = choose_streams(document(VIDEO, other, AUDIO, programs=[[1], [0, 2]]))

    assert chosen.audio_number == 1


def test_m51_without_a_sound_that_can_be_decoded_there_is_none() -> None:
    chosen = choose_streams(document(VIDEO, AUDIO | {"is_decodable": False}))

    assert (chosen.audio, chosen.audio_count) == (None, 0)


def test_m51_sound_of_which_little_is_known_is_heard() -> None:
    assert choose_streams(document(VIDEO, {"codec_type": "audio", "codec_name": "aac"})).audio_count == 1


@pytest.mark.parametrize(
    ("first", "number"),
    [
        pytest.param({"disposition": {"attached_pic": 1}}, 0, id="behind-a-cover"),
        pytest.param({"is_decodable": False}, 1, id="that-can-be-decoded"),
        pytest.param({"width": 0}, 1, id="that-has-a-size"),
        pytest.param({"disposition": {"timed_thumbnails": 1}}, 1, id="behind-thumbnails"),
        pytest.param({}, 0, id="the-first"),
    ],
)
def test_m51_of_two_videos_one_is_seen(first: dict[str, Any], number: int) -> None:
    """A cover is no video: ffmpeg does not count it in "0:V:0"."""
    chosen = choose_streams(document(VIDEO | first, VIDEO))

    assert chosen.video is not None
    assert chosen.video_number == number
