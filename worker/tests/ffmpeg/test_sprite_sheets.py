"""A storyboard is made with the video, and is what the steps would make one after the other."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg

COLUMNS, WIDTH, HEIGHT = 4, 32, 18
BACKGROUND = (0x12, 0x34, 0x56)
# The time of each frame is how bright it is, from black to white.
BRIGHTER = "format=gray,geq=lum='255*T/{seconds}',format=yuv420p"


def storyboard_steps(count: int, use: str = "small", **merge: Any) -> dict[str, Any]:
    return {
        "small": {"robot": "/video/encode", "width": 160, "height": 90, "preset": "web/mp4/720p"},
        "tiles": {"robot": "/video/thumbs", "use": use, "count": count},
        "board": {
            "robot": "/image/merge",
            "use": {"steps": ["tiles"], "bundle_steps": True, "group_by_original": True},
            "direction": "grid",
            "columns": COLUMNS,
            "cell_width": WIDTH,
            "cell_height": HEIGHT,
            "background": "#123456",
            **merge,
        },
    }


def brighter(folder: Path, *, seconds: float, rate: int, size: str = "320x180", more: str = "") -> Path:
    """A video that goes from black to white."""
    path = folder / "brighter.mp4"
    picture = ["-f", "lavfi", "-i", f"color=black:s={size}:r={rate}:d={seconds}"]
    encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-g", "10"]
    filters = BRIGHTER.format(seconds=seconds)
    run = ["ffmpeg", "-v", "error", "-y", *picture, *more.split(), "-vf", filters, *encoder, str(path)]
    subprocess.run(run, check=True)
    return path


def board(bench: Bench, path: Path, steps: dict[str, Any], *, may_fuse: bool = True) -> AssemblyFile:
    files = bench.run(steps, bench.upload(path), may_fuse=may_fuse)
    assert any(file.step == "tiles" for file in files) is not may_fuse
    (file,) = [file for file in files if file.step == "board"]
    return file


def tiles(file: AssemblyFile, count: int) -> list[tuple[int, int, int]]:
    """Red, green and blue in the middle of each tile."""
    run = ["ffmpeg", "-v", "error", "-i", str(file.path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    pixels = subprocess.run(run, check=True, capture_output=True).stdout
    width = file.meta["width"]
    middles = [
        ((index // COLUMNS * HEIGHT + HEIGHT // 2) * width + index % COLUMNS * WIDTH + WIDTH // 2) * 3
        for index in range(count)
    ]
    return [(pixels[at], pixels[at + 1], pixels[at + 2]) for at in middles]


def moments(file: AssemblyFile, count: int, seconds: float) -> list[float]:
    """The time that each tile shows, of a video that becomes brighter."""
    return [sum(tile) / 3 / 255 * seconds for tile in tiles(file, count)]


@pytest.mark.parametrize("use", ["small", ":original"])
@pytest.mark.parametrize("may_fuse", [True, False])
@pytest.mark.parametrize(
    ("seconds", "rate", "count", "rows"),
    [
        pytest.param(4, 25, 10, 3, id="more-frames-than-tiles"),
        pytest.param(3, 10, 100, 25, id="fewer-frames-than-tiles"),
        pytest.param(2, 5, 3, 1, id="less-than-a-row"),
    ],
)
def test_every_tile_shows_its_moment(
    bench: Bench, tmp_path: Path, seconds: int, rate: int, count: int, rows: int, may_fuse: bool, use: str
) -> None:
    film = brighter(tmp_path, seconds=seconds, rate=rate)

    file = board(bench, film, storyboard_steps(count, use), may_fuse=may_fuse)

    assert (file.name, file.mime) == ("brighter_0.png", "image/png")
    assert (file.meta["width"], file.meta["height"]) == (COLUMNS * WIDTH, rows * HEIGHT)
    expected = [seconds * (index + 1) / (count + 1) for index in range(count)]
    assert moments(file, count, seconds) == pytest.approx(expected, abs=1.1 / rate + 0.03 * seconds)
    if count < COLUMNS:
        assert tiles(file, COLUMNS)[-1] == BACKGROUND


@pytest.mark.parametrize("may_fuse", [True, False])
def test_sound_that_goes_on_holds_the_last_picture(bench: Bench, tmp_path: Path, may_fuse: bool) -> None:
    film = brighter(tmp_path, seconds=2, rate=10, more="-f lavfi -i sine=d=8 -c:a aac")

    file = board(bench, film, storyboard_steps(8), may_fuse=may_fuse)

    expected = [8 * (index + 1) / 9 for index in range(8)]
    assert moments(file, 8, 2) == pytest.approx([min(each, 1.9) for each in expected], abs=0.2)


@pytest.mark.parametrize("may_fuse", [True, False])
@pytest.mark.parametrize(
    ("name", "across"), [("one-frame-long-sound.mp4", 32), ("portrait.mp4", 10), ("rotated.mp4", 10)]
)
def test_every_tile_has_the_size_of_its_cell(
    bench: Bench, clip: Clip, name: str, across: int, may_fuse: bool
) -> None:
    file = board(bench, clip(name), storyboard_steps(5, ":original"), may_fuse=may_fuse)

    assert (file.meta["width"], file.meta["height"]) == (COLUMNS * WIDTH, 2 * HEIGHT)
    assert tiles(file, 8)[5:] == [BACKGROUND] * 3
    assert BACKGROUND not in tiles(file, 5)
    left = (WIDTH - across) // 2
    row = row_of(file, HEIGHT // 2)[:WIDTH]
    assert [each == BACKGROUND for each in row] == [not left <= x < left + across for x in range(WIDTH)]


def row_of(file: AssemblyFile, y: int) -> list[tuple[int, ...]]:
    cut = ["-vf", f"crop=iw:1:0:{y}:exact=1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    run = ["ffmpeg", "-v", "error", "-i", str(file.path), *cut]
    pixels = subprocess.run(run, check=True, capture_output=True).stdout
    return [tuple(pixels[at : at + 3]) for at in range(0, len(pixels), 3)]


def test_a_short_video_has_as_many_stills_as_asked_for(bench: Bench, tmp_path: Path) -> None:
    film = brighter(tmp_path, seconds=1, rate=5)
    step = {"robot": "/video/thumbs", "count": 12, "format": "png"}

    files = [file for file in bench.run({"made": step}, bench.upload(film)) if file.step == "made"]

    assert [file.meta["thumb_index"] for file in files] == list(range(12))
    offsets = [file.meta["thumb_offset"] for file in files]
    assert offsets == pytest.approx([(index + 1) / 13 for index in range(12)], abs=0.001)
    assert len({file.md5hash for file in files}) >= 4  # of five, the first of which lies before them all


def test_a_sheet_of_a_jpg_is_a_jpg(bench: Bench, clip: Clip) -> None:
    file = board(bench, clip("plain.mp4"), storyboard_steps(8, format="jpg", quality=80))

    assert (file.name, file.mime) == ("plain_0.jpg", "image/jpeg")
