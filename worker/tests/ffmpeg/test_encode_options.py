"""The "ffmpeg" object and segments of /video/encode, over real files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.steps import StepError, read_steps
from cattube_worker.media.encode.presets import PRESETS

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg


def encode(bench: Bench, clip: Clip, **parameters: Any) -> list[AssemblyFile]:
    steps = {"made": {"robot": "/video/encode", **parameters}}
    return [file for file in bench.run(steps, bench.upload(clip("plain.mp4"))) if file.step == "made"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({"r": 10}, {"framerate": 10}, id="rate"),
        pytest.param({"an": True}, {"num_audio_streams": 0}, id="no-sound"),
        pytest.param({"vf": "crop=100:100,hflip"}, {"width": 100, "height": 100}, id="filters"),
        pytest.param({"vf": "drawtext=text=Hi:fontsize=20:x='(w-text_w)/2'"}, {"width": 320}, id="text"),
        pytest.param({"pix_fmt": "yuv444p"}, {"pixel_format": "yuv444p"}, id="pixels"),
        pytest.param({"ac": 1, "ar": 22050}, {"audio_channels": 1, "audio_samplerate": 22050}, id="sound"),
        pytest.param({"ss": 0.5, "to": 1.5, "af": "volume=2"}, {"duration": 1}, id="part"),
        pytest.param({"codec": {"v": "libx265"}}, {"video_codec": "hevc"}, id="other-encoder"),
        pytest.param({"x264-params": {"keyint": 5, "scenecut": 0}}, {"video_codec": "h264"}, id="parameters"),
        pytest.param({"transloaditffpreset": "empty", "crf": 30}, {"width": 320}, id="no-preset"),
        pytest.param({"vf": "setpts=0.5*PTS", "an": True}, {"duration": 1}, id="faster"),
    ],
)
def test_an_option_does_what_it_says(
    bench: Bench, clip: Clip, options: dict[str, Any], expected: dict[str, Any]
) -> None:
    (file,) = encode(bench, clip, ffmpeg=options, preset="empty")

    assert {key: file.meta.get(key) for key in expected} == pytest.approx(expected, abs=0.1)


def test_a_format_of_its_own_gives_the_file_its_ending(bench: Bench, clip: Clip) -> None:
    (file,) = encode(bench, clip, ffmpeg={"f": "matroska"})

    assert (file.name, file.mime) == ("plain.mkv", "video/x-matroska")


def test_a_step_after_a_cut_one_sees_what_was_cut(bench: Bench, clip: Clip) -> None:
    steps = {
        "cut": {"robot": "/video/encode", "ffmpeg": {"t": 1}},
        "made": {"robot": "/video/encode", "use": "cut"},
    }

    files = {file.step: file for file in bench.run(steps, bench.upload(clip("plain.mp4")))}

    assert files["made"].meta["duration"] == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(
    "options", [{"i": "x"}, {"vf": "movie=/etc/passwd"}, {"filter_complex": "movie=x"}, {"vn": True}]
)
def test_m22_raw_arguments_are_refused_naming_the_step(
    bench: Bench, clip: Clip, options: dict[str, Any]
) -> None:
    with pytest.raises(AssemblyError, match='step "made"') as caught:
        encode(bench, clip, ffmpeg=options)

    assert (caught.value.code, caught.value.status) == ("VIDEO_ENCODE_VALIDATION", 400)


def test_a_still_goes_through_the_filters_of_its_step(bench: Bench, clip: Clip) -> None:
    step = {"robot": "/video/thumbs", "count": 1, "ffmpeg": {"vf": "crop=50:40", "q:v": 2}}

    *_, file = bench.run({"made": step}, bench.upload(clip("plain.mp4")))

    assert (file.meta["width"], file.meta["height"]) == (50, 40)


def test_m22_a_still_takes_no_more_than_a_video_does(bench: Bench, clip: Clip) -> None:
    step = {"robot": "/video/thumbs", "ffmpeg": {"vf": "movie=/etc/passwd"}}

    with pytest.raises(AssemblyError, match='step "made"'):
        bench.run({"made": step}, bench.upload(clip("plain.mp4")))


def test_segments_are_pieces_of_one_video(bench: Bench, clip: Clip) -> None:
    files = encode(bench, clip, segment=True, segment_duration=1, segment_prefix="part_")

    assert [file.name for file in files] == ["part_0.ts", "part_1.ts"]
    assert {file.mime for file in files} == {"video/mp2t"}
    assert [file.meta["segment_index"] for file in files] == [0, 1]
    assert sum(file.meta["duration"] for file in files) == pytest.approx(2, abs=0.2)


def test_segments_are_called_as_asked(bench: Bench, clip: Clip) -> None:
    name = "${segment_prefix}${segment_number}-${segment_id}.ts"

    files = encode(bench, clip, segment=True, segment_duration=1, segment_prefix="cat_", segment_name=name)

    found = [re.fullmatch(r"cat_([01])-([0-9a-f]{32})\.ts", file.name) for file in files]
    assert [each[1] for each in found if each] == ["0", "1"]
    assert len({each[2] for each in found if each}) == 2


def test_segments_may_end_a_little_earlier(bench: Bench, clip: Clip) -> None:
    parameters = {"segment": True, "segment_duration": 1, "ffmpeg": {"g": 5}, "width": 64, "height": 36}

    exact = encode(bench, clip, **parameters)
    early = encode(bench, clip, **parameters, segment_time_delta=0.5)

    assert len(exact) == 2
    assert len(early) == 3
    assert early[0].meta["duration"] < 0.9


@pytest.mark.parametrize("name", ["cat.ts", "../${segment_number}", "${segment_number}${file.name}", "${x}"])
def test_m22_segments_need_names_of_their_own(name: str) -> None:
    with pytest.raises(StepError) as caught:
        read_steps({"made": {"robot": "/video/encode", "segment": True, "segment_name": name}})

    assert caught.value.code == "VIDEO_ENCODE_VALIDATION"


@pytest.mark.parametrize("hint", [True, False])
def test_hints_for_streaming_servers_are_tracks_of_their_own(bench: Bench, clip: Clip, hint: bool) -> None:
    (file,) = encode(bench, clip, hint=hint, preset="web/mp4/240p", width=64, height=36)

    assert file.path is not None
    assert (b"rtp " in file.path.read_bytes()) is hint
    assert file.meta["duration"] == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(
    "preset", ["hls-270p", "hls/270p", "vod/270p", "webm-270p", "webm", "ogv", "wmv", "web/webm-av1/240p"]
)
def test_every_kind_of_preset_encodes(bench: Bench, clip: Clip, preset: str) -> None:
    (file,) = encode(bench, clip, preset=preset, width=128, height=72)

    assert file.ext == PRESETS[preset].ext
    assert (file.meta["width"], file.meta["num_audio_streams"]) == (128, 1)
