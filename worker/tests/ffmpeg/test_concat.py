"""/video/concat and /video/merge over real files."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.steps import StepError, read_steps
from cattube_worker.robots.shared.images import BUILTIN_WATERMARK

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg

ALL = {"steps": [":original"], "bundle_steps": True}


def concat(bench: Bench, clip: Clip, *names: str, **parameters: Any) -> AssemblyFile:
    step = {"robot": "/video/concat", "use": ALL, "width": 160, "height": 90, **parameters}
    files = bench.run({"made": step}, *[bench.upload(clip(name)) for name in names])
    (file,) = [file for file in files if file.step == "made"]
    return file


@pytest.mark.parametrize(
    ("parameters", "seconds"),
    [
        pytest.param({}, 6, id="fades-of-each-part"),
        pytest.param({"video_fade_seconds": 0, "audio_fade_seconds": 0}, 6, id="no-fades"),
        pytest.param({"transition": "fade_to_black"}, 6, id="fade-to-black"),
        pytest.param({"transition": "crossfade", "transition_duration": 0.5}, 5, id="crossfade"),
        pytest.param({"transition": "crossfade", "transition_duration": 9}, 4, id="half-at-most"),
        pytest.param({"ffmpeg": {"ss": 1, "t": 2.5}}, 2.5, id="a-part-by-its-length"),
        pytest.param({"ffmpeg": {"ss": "00:00:01", "to": 4}}, 3, id="a-part-by-its-end"),
        pytest.param({"ffmpeg": {"vf": "setpts=0.5*PTS", "af": "atempo=2"}}, 3, id="twice-as-fast"),
    ],
)
def test_videos_of_all_kinds_become_one(
    bench: Bench, clip: Clip, parameters: dict[str, Any], seconds: float
) -> None:
    file = concat(bench, clip, "plain.mp4", "silent.mp4", "portrait.mp4", **parameters)

    assert file.meta["duration"] == pytest.approx(seconds, abs=0.15)
    assert (file.meta["width"], file.meta["height"]) == (160, 90)
    assert (file.meta["num_audio_streams"], file.name) == (1, "plain.mp4")


def test_chapters_are_called_like_their_parts(bench: Bench, clip: Clip) -> None:
    file = concat(bench, clip, "silent.mp4", "plain.mp4", chapter_markers=True)

    said = subprocess.run(
        ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", str(file.path)],
        capture_output=True,
        check=True,
    )
    chapters = json.loads(said.stdout)["chapters"]
    assert [each["tags"]["title"] for each in chapters] == ["plain", "silent"]
    assert float(chapters[1]["start_time"]) == pytest.approx(2, abs=0.1)


def test_without_a_size_the_first_video_says_it(bench: Bench, clip: Clip) -> None:
    step = {
        "robot": "/video/concat",
        "use": [
            {"name": ":original", "fields": "b", "as": "video_1"},
            {"name": ":original", "as": "video_2"},
        ],
    }
    from dataclasses import replace

    one = replace(bench.upload(clip("plain.mp4")), field="a")
    other = replace(bench.upload(clip("portrait.mp4")), field="b")

    (file,) = [each for each in bench.run({"made": step}, one, other) if each.step == "made"]

    assert (file.meta["width"], file.meta["height"]) == (180, 320)


def test_sound_alone_cannot_be_joined_to_a_video(bench: Bench, clip: Clip) -> None:
    with pytest.raises(AssemblyError) as caught:
        concat(bench, clip, "sound.m4a")

    assert (caught.value.code, caught.value.step) == ("VIDEO_CONCAT_INVALID_INPUT", "made")


def merge(bench: Bench, clip: Clip, *names: str, **parameters: Any) -> AssemblyFile:
    step = {"robot": "/video/merge", "use": ALL, **parameters}
    files = bench.run({"made": step}, *[bench.upload(clip(name)) for name in names])
    (file,) = [file for file in files if file.step == "made"]
    return file


@pytest.mark.parametrize(
    ("names", "parameters", "seconds", "sounds"),
    [
        pytest.param(("still.png", "sound.m4a"), {}, 2, 1, id="picture-as-long-as-the-sound"),
        pytest.param(("still.png",), {"duration": 1.2}, 1.2, 0, id="picture-alone"),
        pytest.param(("still.png", "zebra.png"), {"framerate": "2"}, 1, 0, id="slideshow"),
        pytest.param(("still.png", "zebra.png"), {"image_durations": [0.5, 1.5]}, 2, 0, id="own-durations"),
        pytest.param(("silent.mp4", "sound.m4a"), {}, 2, 1, id="sound-for-a-silent-video"),
        pytest.param(("plain.mp4", "sound.m4a"), {"replace_audio": True}, 2, 1, id="other-sound"),
        pytest.param(
            ("plain.mp4", "sound.m4a"), {"audio_delay": 1}, 3, 1, id="later-sound-holds-the-picture"
        ),
        pytest.param(("plain.mp4", "sound.m4a"), {"duration": 5, "loop": True}, 5, 1, id="over-and-over"),
        pytest.param(("plain.mp4", "silent.mp4"), {}, 4, 1, id="videos-after-each-other"),
        pytest.param(("still.png", "sound.m4a"), {"ffmpeg": {"t": 0.8}}, 0.8, 1, id="a-part-of-a-slideshow"),
        pytest.param(
            ("plain.mp4", "sound.m4a"), {"ffmpeg": {"ss": 0.5}, "replace_audio": True}, 1.5, 1, id="a-part"
        ),
        pytest.param(
            ("plain.mp4", "silent.mp4", "sound.m4a"), {"ffmpeg": {"ss": 1}}, 3, 1, id="cut-only-once"
        ),
        pytest.param(
            ("plain.mp4", "sound.m4a"), {"audio_delay": 1, "ffmpeg": {"shortest": True}}, 2, 1, id="shortest"
        ),
    ],
)
def test_what_is_merged_lasts_as_long_as_it_should(
    bench: Bench, clip: Clip, names: tuple[str, ...], parameters: dict[str, Any], seconds: float, sounds: int
) -> None:
    file = merge(bench, clip, *names, **parameters)

    assert file.mime == "video/mp4"
    assert file.meta["duration"] == pytest.approx(seconds, abs=0.15)
    assert (file.meta["width"], file.meta["height"], file.meta["num_audio_streams"]) == (320, 180, sounds)


def test_videos_above_each_other_are_as_wide_as_the_first(bench: Bench, clip: Clip) -> None:
    file = merge(bench, clip, "plain.mp4", "silent.mp4", vstack=True)

    assert (file.meta["width"], file.meta["height"]) == (320, 360)


def test_sound_without_a_picture_cannot_be_merged(bench: Bench, clip: Clip) -> None:
    with pytest.raises(AssemblyError) as caught:
        merge(bench, clip, "sound.m4a")

    assert caught.value.code == "VIDEO_MERGE_NO_IMAGE_FOUND"


def test_the_steps_own_filters_for_sound_are_heard(bench: Bench, clip: Clip) -> None:
    loud = merge(bench, clip, "still.png", "sound.m4a")
    quiet = merge(bench, clip, "still.png", "sound.m4a", ffmpeg={"af": "volume=0.05"})

    assert mean_volume(loud) > mean_volume(quiet) + 20


def mean_volume(file: AssemblyFile) -> float:
    run = ["ffmpeg", "-hide_banner", "-i", str(file.path), "-af", "volumedetect", "-f", "null", "-"]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stderr
    return float(said.partition("mean_volume: ")[2].partition(" dB")[0])


def test_a_picture_from_elsewhere_goes_with_the_sound(bench: Bench, clip: Clip) -> None:
    step = {"robot": "/video/merge", "image_url": BUILTIN_WATERMARK, "width": 64, "height": 64}
    sound = bench.upload(clip("sound.m4a"))

    (file,) = [file for file in bench.run({"made": step}, sound) if file.step == "made"]

    assert (file.name, file.type, file.original_id) == ("sound.mp4", "video", sound.id)
    assert (file.meta["width"], file.meta["height"]) == (64, 64)
    assert file.meta["duration"] == pytest.approx(2, abs=0.15)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://", "ftp://example.com/x.png", ""])
def test_a_picture_comes_from_the_web_or_not_at_all(url: str) -> None:
    with pytest.raises(StepError) as caught:
        read_steps({"made": {"robot": "/video/merge", "image_url": url}})

    assert caught.value.code == "VIDEO_MERGE_VALIDATION"


def test_w12_a_picture_in_a_private_network_is_not_fetched(bench: Bench, clip: Clip) -> None:
    step = {"robot": "/video/merge", "image_url": "http://127.0.0.1:9/cat.png"}

    with pytest.raises(AssemblyError, match="private address"):
        bench.run({"made": step}, bench.upload(clip("sound.m4a")))
