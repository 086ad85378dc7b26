"""What each parameter of the video robots does to a real picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg


def made(files: list[AssemblyFile]) -> list[AssemblyFile]:
    return [file for file in files if file.step == "made"]


def encode(bench: Bench, clip: Clip, name: str = "plain.mp4", **parameters: Any) -> AssemblyFile:
    (file,) = made(bench.run({"made": {"robot": "/video/encode", **parameters}}, bench.upload(clip(name))))
    return file


def thumbs(bench: Bench, clip: Clip, name: str = "plain.mp4", **parameters: Any) -> list[AssemblyFile]:
    return made(bench.run({"made": {"robot": "/video/thumbs", **parameters}}, bench.upload(clip(name))))


@pytest.mark.parametrize(
    ("parameters", "size"),
    [
        pytest.param({}, (320, 180), id="as-it-is"),
        pytest.param({"width": 100, "height": 100}, (100, 100), id="pad-by-default"),
        pytest.param({"width": 100, "height": 100, "resize_strategy": "fit"}, (100, 56), id="fit"),
        pytest.param({"width": 100, "height": 100, "resize_strategy": "min_fit"}, (178, 100), id="min_fit"),
        pytest.param({"width": 100, "height": 100, "resize_strategy": "fillcrop"}, (100, 100), id="fillcrop"),
        pytest.param({"width": 100, "height": 100, "resize_strategy": "stretch"}, (100, 100), id="stretch"),
        pytest.param({"width": 100, "height": 100, "resize_strategy": "crop"}, (100, 100), id="crop"),
        pytest.param({"crop": {"x1": "25%", "y1": 0, "x2": "75%", "y2": 90}}, (160, 90), id="coordinates"),
        pytest.param({"rotate": 90}, (180, 320), id="turned"),
        pytest.param({"preset": "ipad-high"}, (1024, 768), id="preset-enlarges"),
        pytest.param({"preset": "ipad-high", "zoom": False}, (1024, 768), id="preset-pads-without-zoom"),
        pytest.param({"preset": "ipad-high", "width": 64, "height": 48}, (64, 48), id="own-size-wins"),
        pytest.param({"width": "${file.meta.height}"}, (180, 102), id="size-from-a-variable"),
    ],
)
def test_a_video_comes_out_in_the_size_asked_for(
    bench: Bench, clip: Clip, parameters: dict[str, Any], size: tuple[int, int]
) -> None:
    file = encode(bench, clip, **parameters)

    assert (file.meta["width"], file.meta["height"]) == size


def test_a_lying_camera_is_set_upright_unless_that_is_refused(bench: Bench, clip: Clip) -> None:
    upright = encode(bench, clip, "rotated.mp4")
    lying = encode(bench, clip, "rotated.mp4", rotate=False)

    assert (upright.meta["width"], upright.meta["height"]) == (180, 320)
    assert (lying.meta["width"], lying.meta["height"]) == (320, 180)


@pytest.mark.parametrize(
    ("preset", "mime", "video", "audio"),
    [
        ("web/mp4/240p", "video/mp4", "h264", "aac"),
        ("android-low", "video/mp4", "h264", "aac"),
        ("dash-270p-video", "video/mp4", "h264", None),
        ("web/mp4-x265/240p", "video/mp4", "hevc", "aac"),
        ("web/webm/240p", "video/webm", "vp9", "opus"),
        ("flash", "video/x-flv", "flv1", "mp3"),
        ("gif", "image/gif", "gif", None),
    ],
)
def test_a_preset_gives_what_its_name_says(
    bench: Bench, clip: Clip, preset: str, mime: str, video: str, audio: str | None
) -> None:
    file = encode(bench, clip, preset=preset, width=64, height=36)

    assert (file.mime, file.meta["video_codec"], file.meta.get("audio_codec")) == (mime, video, audio)
    assert file.name.startswith("plain.")


def test_an_animated_gif_is_a_video_too(bench: Bench, clip: Clip) -> None:
    gif = encode(bench, clip, preset="gif", width=64, height=36)
    assert gif.path is not None

    (file,) = made(bench.run({"made": {"robot": "/video/encode"}}, bench.upload(gif.path, name="cat.gif")))

    assert (file.mime, file.meta["width"]) == ("video/mp4", 64)


def test_thumbnails_by_count_are_spread_over_the_video(bench: Bench, clip: Clip) -> None:
    files = thumbs(bench, clip, count=3)

    assert [file.meta["thumb_offset"] for file in files] == [0.5, 1.0, 1.5]
    assert [file.meta["thumb_index"] for file in files] == [0, 1, 2]
    assert [file.name for file in files] == ["plain_0.jpg", "plain_1.jpg", "plain_2.jpg"]
    assert len({file.md5hash for file in files}) == 3


def test_offsets_win_over_count_and_those_outside_are_left_out(bench: Bench, clip: Clip) -> None:
    files = thumbs(bench, clip, count=5, offsets=[1.5, 0.5, 99], format="png", width=64, height=64)

    assert [file.meta["thumb_offset"] for file in files] == [0.5, 1.5]
    assert {(file.mime, file.meta["width"], file.meta["height"]) for file in files} == {("image/png", 64, 64)}


def test_only_offsets_outside_of_the_video_give_nothing(bench: Bench, clip: Clip) -> None:
    assert thumbs(bench, clip, offsets=[99]) == []


def test_a_late_thumbnail_of_a_video_whose_pictures_end_early(bench: Bench, clip: Clip) -> None:
    (file,) = thumbs(bench, clip, "one-frame-long-sound.mp4", offsets=["90%"])

    assert file.meta["width"] == 320


def test_a_thumbnail_alone_and_beside_an_encode_show_the_same_moment(bench: Bench, clip: Clip) -> None:
    alone = {"made": {"robot": "/video/thumbs", "offsets": [1.2], "format": "png"}}
    beside = {**alone, "other": {"robot": "/video/encode"}}

    (one,) = made(bench.run(alone, bench.upload(clip("plain.mp4"))))
    bench.jobs.clear()
    (bench.folder / "job-0").rename(bench.folder / "earlier")
    (other,) = made(bench.run(beside, bench.upload(clip("plain.mp4"))))

    assert one.md5hash == other.md5hash


def test_unknown_credentials_fail_by_name_and_step(bench: Bench, clip: Clip) -> None:
    steps = {"kept": {"robot": "/s3/store", "credentials": "nobody"}}

    with pytest.raises(AssemblyError, match='"nobody"') as caught:
        bench.run(steps, bench.upload(clip("plain.mp4")))

    assert (caught.value.code, caught.value.step) == ("TEMPLATE_CREDENTIALS_INJECTION_ERROR", "kept")


def test_s02_a_result_named_like_its_upload_leaves_the_upload_whole(bench: Bench, clip: Clip) -> None:
    steps = {
        "made": {"robot": "/video/encode"},
        "kept": {
            "robot": "/s3/store",
            "use": [":original", "made"],
            "credentials": "cattube",
            "path": "${file.name}",
        },
    }

    files = bench.run(steps, bench.upload(clip("plain.mp4"), name="cat.mp4"))

    upload, result = files
    assert upload.object_key == "cat.mp4"
    assert result.object_key == f"cat-{result.id}.mp4"
    assert (bench.folder / "bucket" / "cat.mp4").read_bytes() == clip("plain.mp4").read_bytes()


def test_a_variable_that_gives_nonsense_is_refused_when_it_is_known(bench: Bench, clip: Clip) -> None:
    with pytest.raises(AssemblyError, match='"width"') as caught:
        encode(bench, clip, width="${file.name}")

    assert caught.value.code == "VIDEO_ENCODE_VALIDATION"


def test_metadata_of_a_step_is_laid_over_that_of_its_file(bench: Bench, clip: Clip) -> None:
    file = encode(bench, clip, user_meta={"from": "${file.name}"}, output_meta=False)

    assert file.user_meta == {"from": "plain.mp4"}
    assert file.meta == {}


def test_w20_a_stopped_job_ends_at_once_and_leaves_no_process(bench: Bench, clip: Clip) -> None:
    from cattube_worker.media.process.run import Stopped

    bench.stop.set()

    with pytest.raises(Stopped):
        encode(bench, clip)


def test_one_run_over_several_files_keeps_them_apart(bench: Bench, clip: Clip) -> None:
    steps = {
        "made": {"robot": "/video/thumbs", "count": 1, "use": {"steps": [":original"], "bundle_steps": True}}
    }

    files = bench.run(steps, bench.upload(clip("plain.mp4")), bench.upload(clip("portrait.mp4")))

    assert len(bench.jobs) == 1
    assert [(file.name, file.meta["width"]) for file in made(files)] == [
        ("plain.jpg", 320),
        ("portrait.jpg", 180),
    ]
