"""Watermarks and words on pictures."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.robots.shared.images import BUILTIN_WATERMARK

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench
from .pictures import changed, is_near, picture, pixel, resized

pytestmark = pytest.mark.ffmpeg


MARK = {"watermark_url": BUILTIN_WATERMARK, "width": 200, "height": 200, "resize_strategy": "stretch"}


@pytest.mark.parametrize(
    ("parameters", "inside"),
    [
        pytest.param({"watermark_position": "top-left"}, (0, 0, 50, 50), id="corner"),
        pytest.param({"watermark_position": ["bottom-right"]}, (150, 150, 200, 200), id="one-of-a-list"),
        pytest.param(
            {"watermark_position": "top-left", "watermark_x_offset": 100, "watermark_y_offset": 20},
            (100, 20, 150, 70),
            id="offsets",
        ),
        pytest.param(
            {"watermark_position": "top-left", "watermark_position_x": 100, "watermark_position_y": 20},
            (100, 20, 150, 70),
            id="older-names",
        ),
        pytest.param({}, (75, 75, 125, 125), id="centre"),
    ],
)
def test_a_watermark_lies_where_it_should(
    bench: Bench, tmp_path: Path, parameters: dict[str, Any], inside: tuple[int, int, int, int]
) -> None:
    plain = resized(bench, picture(tmp_path, source="color=gray:s=40x40"), **MARK | {"watermark_url": ""})

    marked = resized(
        bench, picture(tmp_path, source="color=gray:s=40x40"), **MARK, watermark_size="25%", **parameters
    )

    left, top, right, bottom = changed(marked, plain)
    assert inside[0] <= left < right <= inside[2]
    assert inside[1] <= top < bottom <= inside[3]


@pytest.mark.parametrize(
    ("repeats", "box"),
    [
        pytest.param({"watermark_repeat_x": True}, (0, 60, 199, 140), id="in-a-row"),
        pytest.param({"watermark_repeat_y": True}, (60, 0, 140, 199), id="below-each-other"),
        pytest.param(
            {"watermark_repeat_x": True, "watermark_repeat_y": True}, (0, 0, 199, 199), id="all-over"
        ),
    ],
)
def test_a_watermark_is_repeated_to_the_edges(
    bench: Bench, tmp_path: Path, repeats: dict[str, Any], box: tuple[int, int, int, int]
) -> None:
    red = picture(tmp_path, "red.png", "color=red:s=30x30,format=rgb24")
    grey = picture(tmp_path, source="color=gray:s=200x200,format=rgb24")
    use = [{"name": ":original", "fields": "base", "as": "base"},
           {"name": ":original", "fields": "mark", "as": "watermark"}]  # fmt: skip
    uploads = [replace(bench.upload(grey), field="base"), replace(bench.upload(red), field="mark")]
    steps = {
        "made": {"robot": "/image/resize", "use": {"steps": use}, **repeats},
        "plain": {"robot": "/image/resize", "use": {"steps": [":original"], "fields": ["base"]}},
    }

    files = {file.step: file for file in bench.run(steps, *uploads)}

    left, top, right, bottom = changed(files["made"], files["plain"])
    assert is_near((left, top, right, bottom), box, by=31), (left, top, right, bottom)
    assert [right - left > 150, bottom - top > 150] == [key in repeats for key in (
        "watermark_repeat_x", "watermark_repeat_y")]  # fmt: skip


def test_a_watermark_may_be_faint_and_of_any_shape(bench: Bench, tmp_path: Path) -> None:
    red = picture(tmp_path, "red.png", "color=red:s=40x20,format=rgb24")
    blue = picture(tmp_path, source="color=blue:s=200x200,format=rgb24")
    use = {"steps": [{"name": ":original", "fields": "base", "as": "base"},
                     {"name": ":original", "fields": "mark", "as": "watermark"}]}  # fmt: skip

    def marked(strategy: str, opacity: float = 1) -> AssemblyFile:
        step = {"robot": "/image/resize", "use": use, "watermark_resize_strategy": strategy,
                "watermark_size": "50%", "watermark_opacity": opacity}  # fmt: skip
        uploads = [replace(bench.upload(blue), field="base"), replace(bench.upload(red), field="mark")]
        (file,) = [file for file in bench.run({"made": step}, *uploads) if file.step == "made"]
        return file

    assert is_near(pixel(marked("fit", 0.5), 100, 100), (127, 0, 127), by=10)
    # From the centre: 100 x 50, 200 x 100, 100 x 100, 200 x 100.
    sizes = {"fit": (50, 25), "min_fit": (100, 50), "stretch": (50, 50), "area": (100, 50)}
    for strategy, (across, down) in sizes.items():
        file = marked(strategy)
        assert pixel(file, 100 + across - 4, 100)[0] > 200, strategy
        assert pixel(file, 100, 100 + down - 4)[0] > 200, strategy
        assert pixel(file, 100, 100 + down + 4)[0] < 50, strategy


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        pytest.param({"align": "left", "valign": "top"}, (0, 0, 100, 100), id="corner"),
        pytest.param({"align": "right", "valign": "bottom"}, (100, 100, 200, 200), id="other-corner"),
        pytest.param({"x_offset": -50, "y_offset": 40}, (0, 100, 100, 200), id="from-the-centre"),
    ],
)
def test_words_stand_where_they_should(
    bench: Bench, tmp_path: Path, place: dict[str, Any], inside: tuple[int, int, int, int]
) -> None:
    grey = picture(tmp_path, source="color=gray:s=200x200,format=rgb24")
    words = {"text": "Cat's: 100%{n}", "size": 12, "color": "#ffffff", **place}

    left, top, right, bottom = changed(resized(bench, grey, text=words), resized(bench, grey))

    assert inside[0] <= left < right <= inside[2]
    assert inside[1] <= top < bottom <= inside[3]


def test_words_have_a_background_and_an_outline(bench: Bench, tmp_path: Path) -> None:
    grey = picture(tmp_path, source="color=gray:s=200x200,format=rgb24")
    plain = {"text": "OOOO", "size": 40, "color": "#808080"}

    def reds(**style: Any) -> int:
        file = resized(bench, grey, text=[{**plain, **style}])
        run = ["ffmpeg", "-v", "error", "-i", str(file.path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        raw = subprocess.run(run, check=True, capture_output=True).stdout
        return sum(red > 200 > 100 > green for red, green in zip(raw[::3], raw[1::3], strict=True))

    assert reds() == 0
    assert reds(stroke_width=2, stroke_color="red") > 200
    assert reds(background_color="red") > 1500
