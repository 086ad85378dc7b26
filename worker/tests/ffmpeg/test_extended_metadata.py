"""What every step may ask of the files it makes: output_meta, user_meta, force_accept, ignore_errors."""

from __future__ import annotations

import base64
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.steps import StepError, read_steps

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg

SMALL = {"robot": "/video/encode", "width": 64, "height": 36}


def made(bench: Bench, path: Path, step: dict[str, Any]) -> list[AssemblyFile]:
    return [file for file in bench.run({"made": step}, bench.upload(path)) if file.step == "made"]


def picture(folder: Path, source: str, name: str = "cat.png") -> Path:
    path = folder / name
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-frames:v", "1", path], check=True
    )
    return path


def resized(bench: Bench, path: Path, output_meta: object) -> dict[str, Any]:
    step = {"robot": "/image/resize", "background": "none", "output_meta": output_meta}
    (file,) = made(bench, path, step)
    return file.meta


def test_a_picture_is_told_by_its_colours(bench: Bench, tmp_path: Path) -> None:
    halves = picture(tmp_path, "color=red:s=60x40[a];color=blue:s=40x40[b];[a][b]hstack")

    meta = resized(bench, halves, ["dominant_colors", "has_transparency"])

    red, blue = (tuple(bytes.fromhex(color[1:])) for color in meta["dominant_colors"][:2])
    assert red[0] > 250 > 5 > max(red[1:])
    assert blue[2] > 250 > 5 > max(blue[:2])
    assert meta["has_transparency"] is False
    assert "blurhash" not in meta


def test_one_clear_pixel_makes_a_picture_transparent(bench: Bench, tmp_path: Path) -> None:
    hole = "color=red:s=400x300,format=rgba,geq=r=255:g=0:b=0:a='if(eq(X+Y,0),254,255)'"

    assert resized(bench, picture(tmp_path, hole), {"has_transparency": True})["has_transparency"] is True


def test_a_placeholder_begins_with_the_average_colour(bench: Bench, tmp_path: Path) -> None:
    meta = resized(bench, picture(tmp_path, "color=0x3366CC:s=64x48"), True)

    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
    average = 0
    for character in meta["blurhash"][2:6]:
        average = average * 83 + digits.index(character)
    expected = (0x33, 0x66, 0xCC)
    assert all(abs((average >> 8 * (2 - at) & 255) - part) <= 3 for at, part in enumerate(expected))
    head = int.from_bytes(base64.b64decode(meta["thumbhash"])[:3], "little")
    light, warm = (head & 63) / 63, (head >> 6 & 63) / 31.5 - 1
    assert light == pytest.approx(sum(expected) / 3 / 255, abs=0.03)
    assert warm == pytest.approx((0x33 + 0x66) / 2 / 255 - 0xCC / 255, abs=0.04)


def test_a_video_is_told_by_what_decoding_it_shows(bench: Bench, clip: Clip) -> None:
    asked = {"colorspace": True, "interlaced": True, "mean_volume": True, "blurhash": True}
    options = {"colorspace": "bt709"}

    (file,) = made(bench, clip("plain.mp4"), {**SMALL, "output_meta": asked, "ffmpeg": options})

    assert file.meta["colorspace"] == "bt709"
    assert file.meta["interlaced"] is False
    assert -40 < file.meta["mean_volume"] < -10
    assert "blurhash" not in file.meta


def test_without_output_meta_nothing_is_said_and_later_steps_still_know(bench: Bench, clip: Clip) -> None:
    steps = {
        "small": {**SMALL, "output_meta": False},
        "cut": {"robot": "/video/adaptive", "use": "small", "technique": "hls"},
    }

    files = bench.run(steps, bench.upload(clip("plain.mp4")))

    assert [file.meta for file in files if file.step == "small"] == [{}]
    assert any(file.meta.get("resolution") == "64x36" for file in files if file.step == "cut")


def test_an_unknown_kind_of_metadata_is_refused_at_once() -> None:
    with pytest.raises(StepError, match="smell") as caught:
        read_steps({"made": {**SMALL, "output_meta": ["smell"]}})

    assert caught.value.code == "VIDEO_ENCODE_VALIDATION"


def test_user_meta_is_handed_down_and_filled_in_from_both_sides(bench: Bench, clip: Clip) -> None:
    steps = {
        "small": {**SMALL, "user_meta": {"from": "${file.name}", "width": "${result.meta.width}", "a": "1"}},
        "still": {
            "robot": "/video/thumbs", "use": "small", "count": 1,
            "user_meta": {"a": "2", "was": "${file.user_meta.width}", "is": "${result.ext}"},
        },
        "plain": {"robot": "/video/thumbs", "use": "small", "count": 1, "interpolate": False,
                  "user_meta": {"text": "${file.name}"}},
    }  # fmt: skip

    files = {file.step: file for file in bench.run(steps, bench.upload(clip("plain.mp4")))}

    assert files["small"].user_meta == {"from": "plain.mp4", "width": "64", "a": "1"}
    assert files["still"].user_meta == {
        "from": "plain.mp4",
        "width": "64",
        "a": "2",
        "was": "64",
        "is": "jpg",
    }
    assert files["plain"].user_meta["text"] == "${file.name}"


def test_what_a_robot_would_pass_over_it_takes_when_it_must(bench: Bench, clip: Clip) -> None:
    (video,) = made(bench, clip("still.png"), {**SMALL, "force_accept": True})
    assert (video.type, video.meta["width"]) == ("video", 64)

    (still,) = made(bench, clip("plain.mp4"), {"robot": "/image/resize", "width": 32, "format": "png",
                                               "force_accept": True})  # fmt: skip
    assert (still.mime, still.meta["width"]) == ("image/png", 32)


@pytest.mark.parametrize(
    ("robot", "name"),
    [
        ("/video/encode", "sound.m4a"),
        ("/video/thumbs", "sound.m4a"),
        ("/audio/encode", "silent.mp4"),
        ("/image/resize", "sound.m4a"),
        ("/video/subtitle", "sound.m4a"),
    ],
)
def test_what_no_force_makes_fit_is_refused_instead_of_passed_over(
    bench: Bench, clip: Clip, robot: str, name: str
) -> None:
    assert made(bench, clip(name), {"robot": robot}) == []

    with pytest.raises(AssemblyError) as caught:
        made(bench, clip(name), {"robot": robot, "force_accept": True})

    assert (caught.value.code, caught.value.step) == ("INVALID_INPUT_ERROR", "made")


def test_what_was_made_of_several_uploads_names_them_all(bench: Bench, clip: Clip) -> None:
    step = {"robot": "/video/concat", "width": 64, "height": 36,
            "use": {"steps": [":original"], "bundle_steps": True}}  # fmt: skip
    uploads = [bench.upload(clip("plain.mp4")), bench.upload(clip("silent.mp4"))]
    steps = {"made": step, "small": {"robot": "/video/thumbs", "use": "made", "count": 1}}

    files = {file.step: file for file in bench.run(steps, *uploads)}

    assert files["made"].original_ids == [upload.id for upload in uploads]
    assert files["small"].original_ids == files["made"].original_ids


def test_a_watermark_may_come_from_a_step_of_its_own(bench: Bench, clip: Clip, tmp_path: Path) -> None:
    red = picture(tmp_path, "color=red:s=40x40,format=rgb24", "logo.png")
    use = {
        "steps": [
            {"name": ":original", "fields": "film", "as": "base"},
            {"name": ":original", "fields": "logo", "as": "watermark"},
        ]
    }
    uploads = [
        replace(bench.upload(clip("dark.mp4")), field="film"),
        replace(bench.upload(red), field="logo"),
    ]

    files = bench.run({"made": {"robot": "/video/encode", "use": use}}, *uploads)

    (file,) = [file for file in files if file.step == "made"]
    cut = ["-vf", "format=rgb24,crop=1:1:160:90:exact=1", "-frames:v", "1", "-f", "rawvideo", "-"]
    run = ["ffmpeg", "-v", "error", "-i", str(file.path), *cut]
    red_part, green_part, _ = subprocess.run(run, check=True, capture_output=True).stdout
    assert red_part > 200 > 50 > green_part
