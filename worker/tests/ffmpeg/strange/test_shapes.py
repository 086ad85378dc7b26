"""Shapes of strangers' files: turned, mirrored, cropped, and changed on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile

from . import clips
from .clips import AAC, FIELDS, X264, change, fields, make, tone

if TYPE_CHECKING:
    pass
from .conftest import Site, colours, decoded

pytestmark = pytest.mark.ffmpeg


def turning(folder: Path) -> Path:
    """Two seconds that lie, and two that stand."""
    lying = make(folder / "a.ts", *fields("320x180"), *tone(), *X264, *AAC)
    later = ["-output_ts_offset", "2"]
    upright = make(folder / "b.ts", *fields("180x320"), *tone(), *X264, *AAC, *later)
    path = folder / "clip.ts"
    path.write_bytes(lying.read_bytes() + upright.read_bytes())
    return path


def brightest_where_the_mark_is(file: AssemblyFile) -> int:
    """Brightness of the brightest pixel in the upper right corner at three seconds."""
    mark = "crop=iw*0.3:ih*0.3:iw*0.7:0,signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=-"
    report = decoded(file, "-ss", "3", "-frames:v", "1", "-vf", mark, "-f", "null").decode()
    return int(report.partition("YMAX=")[2].split()[0])


def test_m55_a_picture_that_turns_on_the_way_keeps_its_shape_and_its_watermark(
    site: Site, folder: Path
) -> None:
    watermarked = site.make(turning(folder))["watermarked"]

    assert (watermarked.meta["width"], watermarked.meta["height"]) == (320, 180)
    row = decoded(watermarked, "-ss", "3", "-frames:v", "1", "-vf", "format=rgb24", "-f", "rawvideo")
    pixels = [tuple(row[3 * (60 * 320 + x) : 3 * (60 * 320 + x) + 3]) for x in (20, 130, 190, 300)]
    bar = (0, 0, 0)
    assert pixels == [pytest.approx(field, abs=30) for field in (bar, FIELDS[0], FIELDS[1], bar)]
    assert brightest_where_the_mark_is(watermarked) > 120


def test_m55_a_picture_that_is_turned_by_its_header_and_on_the_way_keeps_its_watermark(
    site: Site, folder: Path
) -> None:
    path = make(folder / "clip.mp4", "-i", turning(folder), "-c", "copy")

    watermarked = site.make(change(path, clips.matrix(*clips.QUARTER)))["watermarked"]

    assert (watermarked.meta["width"], watermarked.meta["height"]) == (180, 320)
    assert brightest_where_the_mark_is(watermarked) > 120
    # What lies now stands in the middle between two bars; red has come to the right.
    row = decoded(watermarked, "-ss", "3", "-frames:v", "1", "-vf", "format=rgb24", "-f", "rawvideo")
    pixels = [tuple(row[3 * (y * 180 + 130) : 3 * (y * 180 + 130) + 3]) for y in (20, 130, 190, 300)]
    bar = (0, 0, 0)
    assert pixels == [pytest.approx(field, abs=30) for field in (bar, FIELDS[0], FIELDS[1], bar)]


@pytest.mark.parametrize(
    ("matrix", "order"),
    [
        pytest.param(clips.QUARTER, (2, 0, 3, 1), id="by-a-quarter"),
        pytest.param((-1, 0, 0, -1), (3, 2, 1, 0), id="upside-down"),
        pytest.param((0, -1, 1, 0), (1, 3, 0, 2), id="by-three-quarters"),
        pytest.param((-1, 0, 0, 1), (1, 0, 3, 2), id="mirrored"),
        pytest.param((0, 1, 1, 0), (0, 2, 1, 3), id="mirrored-and-turned"),
    ],
)
def test_m66_a_picture_is_turned_and_mirrored_as_its_header_says(
    site: Site, folder: Path, matrix: tuple[int, int, int, int], order: tuple[int, ...]
) -> None:
    path = make(folder / "clip.mp4", *fields(seconds=1, rate=10), *X264)

    files = site.make(change(path, clips.matrix(*matrix)))

    expected = [pytest.approx(FIELDS[at], abs=24) for at in order]
    assert colours(files["resized"]) == expected
    assert colours(files["thumbnail"]) == expected
    # Else a player would turn what is upright already.
    assert "rotation" not in files["resized"].meta or files["resized"].meta["rotation"] == 0


def test_m57_the_clean_aperture_of_a_movie_is_what_is_shown(site: Site, folder: Path) -> None:
    path = make(folder / "clip.mp4", *fields("320x240"), *X264)

    # The upper half of the frame: red and lime alone, whose middle is 60 lines above that of the frame.
    files = site.make(change(path, clips.clean_aperture(320, 120, top=-60)))

    assert (files["watermarked"].meta["width"], files["watermarked"].meta["height"]) == (320, 120)
    red, lime, *below = colours(files["resized"])
    assert [red, lime, *below] == [pytest.approx(field, abs=24) for field in (*FIELDS[:2], *FIELDS[:2])]


def test_m57_the_crop_of_matroska_is_what_is_shown(site: Site, folder: Path) -> None:
    told = ["-vf", "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"]
    path = make(folder / "clip.mkv", *fields("320x240"), *told, *X264)

    files = site.make(change(path, clips.pixel_crop(0, 120)))

    assert files["watermarked"].meta["width"] / files["watermarked"].meta["height"] == pytest.approx(
        320 / 120, rel=0.03
    )
    assert colours(files["resized"])[2:] == [pytest.approx(field, abs=24) for field in FIELDS[:2]]
