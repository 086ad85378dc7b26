"""Pictures in another format."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench
from .pictures import picture, pixel, resized

pytestmark = pytest.mark.ffmpeg


@pytest.mark.parametrize(
    ("wanted", "mime"),
    [
        ("jpg", "image/jpeg"),
        ("png", "image/png"),
        ("webp", "image/webp"),
        ("gif", "image/gif"),
        ("tiff", "image/tiff"),
    ],
)
@pytest.mark.parametrize("name", ["cat.png", "cat.jpg", "cat.webp", "cat.gif", "cat.tiff"])
def test_every_format_becomes_every_other(
    bench: Bench, tmp_path: Path, name: str, wanted: str, mime: str
) -> None:
    file = resized(bench, picture(tmp_path, name), format=wanted, width=40)

    assert (file.name, file.mime, file.meta["width"]) == (f"cat.{wanted}", mime, 40)


@pytest.mark.parametrize("wanted", ["jpg", "png", "webp", "gif", "tiff"])
def test_t57_stretched_picture_has_square_pixels_and_names_no_encoder(
    bench: Bench, tmp_path: Path, wanted: str
) -> None:
    file = resized(bench, picture(tmp_path), format=wanted, width=90, height=90, resize_strategy="stretch")

    assert file.path is not None
    assert pixel_shape(file.path) in {"1:1", "0:1", "N/A"}
    assert b"Lavc" not in file.path.read_bytes()


def pixel_shape(path: Path) -> str:
    """Width of a pixel to its height, as viewers are told; 0:1 and N/A where a file says nothing."""
    entry = ["-show_entries", "stream=sample_aspect_ratio", "-of", "csv=p=0"]
    run = ["ffprobe", "-v", "error", *entry, str(path)]
    return subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip().strip(",")


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


def test_an_animation_stays_one_unless_a_frame_is_chosen(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "cat.gif"
    colours = "color=red:s=40x30:r=5:d=0.2[a];color=blue:s=40x30:r=5:d=0.2[b];[a][b]concat,format=rgb24"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", colours, path], check=True)

    moving = resized(bench, path, width=20)
    second = resized(bench, path, width=20, frame=2)
    still = resized(bench, path, width=20, format="png")

    assert frames(moving) == 2
    assert (frames(second), pixel(second)[2] > 200) == (1, True)
    assert (frames(still), pixel(still)[0] > 200) == (1, True)


def frames(file: AssemblyFile) -> int:
    asked = ["-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", str(file.path)]
    said = subprocess.run(["ffprobe", "-v", "error", *asked], check=True, capture_output=True, text=True)
    return int(said.stdout)


def test_a_png_comes_in_passes_and_says_its_density(bench: Bench, tmp_path: Path) -> None:
    plain = resized(bench, picture(tmp_path), format="png")
    fine = resized(bench, picture(tmp_path), format="png", progressive=True, density="300x300")

    assert [file.path is not None and file.path.read_bytes()[28] for file in (plain, fine)] == [0, 1]
    assert fine.path is not None
    body = fine.path.read_bytes()
    at = body.index(b"pHYs") + 4
    assert struct.unpack(">II", body[at : at + 8]) == (11811, 11811)


def test_a_tiff_is_packed_as_asked(bench: Bench, tmp_path: Path) -> None:
    loose = resized(bench, picture(tmp_path), format="tiff", compress="None")
    packed = resized(bench, picture(tmp_path), format="tiff", compress="LZW")

    assert loose.size_bytes > 2 * packed.size_bytes
