"""Pictures in another size or format."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.assemblies.file import AssemblyFile
from cattube_worker.errors import AssemblyError
from cattube_worker.media.exif import orientation

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench

pytestmark = pytest.mark.ffmpeg


def picture(folder: Path, name: str = "cat.png", source: str = "testsrc2=s=400x300") -> Path:
    path = folder / name
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-frames:v", "1", path], check=True
    )
    return path


def pixel(file: AssemblyFile, x: int = 0, y: int = 0) -> tuple[int, ...]:
    """One pixel as red, green, blue and opacity."""
    cut = ["-vf", f"format=rgba,crop=1:1:{x}:{y}:exact=1", "-f", "rawvideo", "-pix_fmt", "rgba", "-"]
    run = ["ffmpeg", "-v", "error", "-i", str(file.path), "-frames:v", "1", *cut]
    return tuple(subprocess.run(run, check=True, capture_output=True).stdout[:4])


def resized(bench: Bench, path: Path, **parameters: Any) -> AssemblyFile:
    steps = {"made": {"robot": "/image/resize", **parameters}}
    (file,) = [file for file in bench.run(steps, bench.upload(path)) if file.step == "made"]
    return file


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
    ],
)
def test_a_picture_comes_out_in_the_size_asked_for(
    bench: Bench, tmp_path: Path, parameters: dict[str, Any], size: tuple[int, int]
) -> None:
    file = resized(bench, picture(tmp_path), **parameters)

    assert (file.meta["width"], file.meta["height"]) == size
    assert (file.name, file.mime) == ("cat.png", "image/png")


@pytest.mark.parametrize(
    ("wanted", "mime"),
    [("jpg", "image/jpeg"), ("png", "image/png"), ("webp", "image/webp"), ("gif", "image/gif")],
)
@pytest.mark.parametrize("name", ["cat.png", "cat.jpg", "cat.webp", "cat.gif"])
def test_every_format_becomes_every_other(
    bench: Bench, tmp_path: Path, name: str, wanted: str, mime: str
) -> None:
    file = resized(bench, picture(tmp_path, name), format=wanted, width=40)

    assert (file.name, file.mime, file.meta["width"]) == (f"cat.{wanted}", mime, 40)


def test_quality_is_paid_for_in_bytes(bench: Bench, tmp_path: Path) -> None:
    fine = resized(bench, picture(tmp_path), format="jpg", quality=95)
    poor = resized(bench, picture(tmp_path), format="jpg", quality=10)

    assert fine.size_bytes > 2 * poor.size_bytes


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param({}, (255, 255, 255, 255), id="white-by-default"),
        pytest.param({"background": "#ff0000"}, (255, 0, 0, 255), id="a-colour"),
        pytest.param({"background": "blue"}, (0, 0, 255, 255), id="by-name"),
        pytest.param({"background": "none"}, (0, 0, 0, 0), id="none"),
        pytest.param(
            {"background": "none", "format": "jpg"}, (255, 255, 255, 255), id="jpg-is-never-see-through"
        ),
    ],
)
def test_what_is_see_through_lies_on_the_background(
    bench: Bench, tmp_path: Path, parameters: dict[str, Any], expected: tuple[int, ...]
) -> None:
    clear = picture(tmp_path, "clear.png", "color=black@0:s=40x30,format=rgba")

    found = pixel(resized(bench, clear, **parameters))

    assert all(abs(one - other) <= 3 for one, other in zip(found, expected, strict=True)), found


def test_the_part_kept_lies_where_gravity_says(bench: Bench, tmp_path: Path) -> None:
    halves = picture(tmp_path, "halves.png", "color=red:s=50x50[a];color=blue:s=50x50[b];[a][b]hstack")

    left = resized(bench, halves, width=20, height=50, resize_strategy="fillcrop", gravity="left")
    right = resized(bench, halves, width=20, height=50, resize_strategy="fillcrop", gravity="right")

    assert pixel(left)[0] > 200 > pixel(right)[0]


def test_a_picture_is_set_upright_as_the_camera_was_held(bench: Bench, tmp_path: Path) -> None:
    plain = picture(tmp_path, "held.jpg").read_bytes()
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    exif = b"Exif\0\0" + tiff
    held = tmp_path / "held.jpg"
    held.write_bytes(plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:])
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
    with pytest.raises(AssemblyError, match="too large"):
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
        {"rotation": 45},
        {"quality": 101},
    ],
)
def test_m22_parameters_out_of_range_are_refused(
    bench: Bench, tmp_path: Path, parameters: dict[str, Any]
) -> None:
    with pytest.raises(AssemblyError) as caught:
        resized(bench, picture(tmp_path), **parameters)

    assert caught.value.code == "IMAGE_RESIZE_VALIDATION"
