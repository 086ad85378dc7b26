"""Pictures in another size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.media.inspect.stills.exif import orientation

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench
from .pictures import held_upright, picture, pixel, resized

pytestmark = pytest.mark.ffmpeg


@pytest.mark.parametrize(
    ("parameters", "size"),
    [
        pytest.param({}, (400, 300), id="as-it-is"),
        pytest.param({"width": 100}, (100, 75), id="by-width"),
        pytest.param({"height": "75px"}, (100, 75), id="by-height-in-words"),
        pytest.param({"width": 100, "height": 100}, (100, 75), id="fit-by-default"),
        pytest.param({"width": 100, "height": 100, "resize_strategy": "min_fit"}, (133, 100), id="min_fit"),
        pytest.param({"width": 100, "height": 100, "resize_strategy": "fillcrop"}, (100, 100), id="fillcrop"),
        pytest.param({"width": 100, "height": 100, "resize_strategy": "pad"}, (100, 100), id="pad"),
        pytest.param({"width": 100, "height": 99, "resize_strategy": "stretch"}, (100, 99), id="stretch"),
        pytest.param({"width": 101, "height": 55, "resize_strategy": "crop"}, (101, 55), id="crop"),
        pytest.param({"width": 800}, (800, 600), id="enlarged"),
        pytest.param({"width": 800, "zoom": False}, (400, 300), id="not-enlarged"),
        pytest.param({"crop": {"x1": 0, "y1": 0, "x2": "50%", "y2": 30}}, (200, 30), id="coordinates"),
        pytest.param({"rotation": 90}, (300, 400), id="turned"),
        pytest.param({"rotation": "30"}, (496, 460), id="turned-a-little"),
        pytest.param({"shave": "10x20"}, (380, 260), id="shaved"),
        pytest.param({"shave": 10}, (380, 280), id="shaved-all-around"),
        pytest.param({"shave": 999}, (2, 2), id="never-shaved-away"),
    ],
)
def test_a_picture_comes_out_in_the_size_asked_for(
    bench: Bench, tmp_path: Path, parameters: dict[str, Any], size: tuple[int, int]
) -> None:
    file = resized(bench, picture(tmp_path), **parameters)

    assert (file.meta["width"], file.meta["height"]) == size
    assert (file.name, file.mime) == ("cat.png", "image/png")


def test_the_part_kept_lies_where_gravity_says(bench: Bench, tmp_path: Path) -> None:
    halves = picture(tmp_path, "halves.png", "color=red:s=50x50[a];color=blue:s=50x50[b];[a][b]hstack")

    left = resized(bench, halves, width=20, height=50, resize_strategy="fillcrop", gravity="left")
    right = resized(bench, halves, width=20, height=50, resize_strategy="fillcrop", gravity="right")

    assert pixel(left)[0] > 200 > pixel(right)[0]


def test_a_picture_is_set_upright_as_the_camera_was_held(bench: Bench, tmp_path: Path) -> None:
    held = held_upright(picture(tmp_path, "held.jpg"))
    assert orientation(held) == 6

    upright, lying = resized(bench, held), resized(bench, held, rotation=False)

    assert (upright.meta["width"], upright.meta["height"]) == (300, 400)
    assert (lying.meta["width"], lying.meta["height"]) == (400, 300)
    assert upright.path is not None
    assert b"Exif" not in upright.path.read_bytes()


def test_what_is_no_picture_is_passed_over(bench: Bench, tmp_path: Path) -> None:
    text = tmp_path / "cat.txt"
    text.write_text("meow")

    files = bench.run({"made": {"robot": "/image/resize"}}, bench.upload(text))

    assert [file.step for file in files] == [":original"]


def test_m07_a_picture_larger_than_allowed_is_refused(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(AssemblyError, match=r"where 0\.001 million in all are allowed"):
        resized(bench.with_limits(max_pixels=1000), picture(tmp_path))


def test_t20_an_empty_picture_is_invalid_input(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()

    with pytest.raises(AssemblyError) as caught:
        resized(bench, tmp_path / "empty.png")

    assert caught.value.code == "INVALID_INPUT_ERROR"


@pytest.mark.parametrize(
    "parameters",
    [
        {"width": 0},
        {"width": 25_001},
        {"format": "exe"},
        {"background": "red;movie=/etc/passwd"},
        {"rotation": "sideways"},
        {"gravity": "attention"},
        {"clip": True},
        {"clut": True},
        {"preclip_alpha": "On"},
        {"correct_gamma": True},
        {"colorspace": "CMYK"},
        {"type": "Palette"},
        {"alpha": "Shape"},
        {"compress": "JPEG2000"},
        {"blur": "5"},
        {"hue": 201},
        {"sepia": 100},
        {"shave": "1x2x3"},
        {"density": "many"},
        {"frame": 0},
        {"transparent": "colourless"},
        {"watermark_url": "file:///etc/passwd"},
        {"watermark_position": []},
        {"text": {"text": "x", "font": "a':textfile=/etc/passwd"}},
        {"text": {"text": "x", "rotate": 90}},
        {"text": {"font": "Arial"}},
        {"blur_regions": [{"x": 0, "y": 0, "width": 0, "height": 1}]},
        {"quality": 101},
    ],
)
def test_m22_parameters_out_of_range_are_refused(
    bench: Bench, tmp_path: Path, parameters: dict[str, Any]
) -> None:
    with pytest.raises(AssemblyError) as caught:
        resized(bench, picture(tmp_path), **parameters)

    assert caught.value.code == "IMAGE_RESIZE_VALIDATION"


def test_m07_a_picture_that_would_become_too_large_is_refused(bench: Bench, tmp_path: Path) -> None:
    narrow = picture(tmp_path, source="color=red:s=10x300")

    with pytest.raises(AssemblyError, match="too large"):
        resized(bench, narrow, width=20_000)
