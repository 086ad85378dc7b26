"""Several pictures on one sheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.steps import StepError, read_steps
from cattube_worker.robots.image_merge import robot as image_merge

from .pictures import held_upright, picture, pixel

if TYPE_CHECKING:
    from tests.ffmpeg.conftest import Bench, Clip

pytestmark = pytest.mark.ffmpeg

RED, BLUE, WHITE, GREEN = (253, 0, 0, 255), (0, 0, 255, 255), (255, 255, 255, 255), (0, 128, 0, 255)
CLEAR = (0, 0, 0, 0)
ALL = {"steps": [":original"], "bundle_steps": True}


@pytest.fixture
def red(tmp_path: Path) -> Path:
    return picture(tmp_path, "red.png", "color=red:s=40x20")


@pytest.fixture
def blue(tmp_path: Path) -> Path:
    return picture(tmp_path, "blue.png", "color=blue:s=10x30,format=rgb24")


def merged(bench: Bench, *paths: Path, **parameters: Any) -> AssemblyFile:
    step = {"robot": "/image/merge", "use": ALL, "sort_by": "import_order", **parameters}
    (file,) = [each for each in bench.run({"made": step}, *map(bench.upload, paths)) if each.step == "made"]
    return file


@pytest.mark.parametrize(
    ("parameters", "size", "pixels"),
    [
        pytest.param({}, (50, 30), {(0, 0): RED, (45, 29): BLUE, (5, 25): WHITE}, id="horizontal"),
        pytest.param(
            {"direction": "vertical", "border": 5, "background": "green"},
            (40, 55),
            {(0, 0): RED, (5, 22): GREEN, (9, 54): BLUE, (12, 54): GREEN},
            id="vertical",
        ),
        pytest.param(
            {"direction": "grid", "columns": 3, "cell_width": 20, "cell_height": 20, "background": "#080"},
            (60, 20),
            {(0, 10): RED, (0, 2): (0, 136, 0, 255), (30, 10): BLUE, (50, 10): (0, 136, 0, 255)},
            id="grid",
        ),
        pytest.param(
            {"background": "none"}, (50, 30), {(0, 0): RED, (5, 25): CLEAR, (45, 29): BLUE}, id="see-through"
        ),
    ],
)
def test_pictures_of_all_sizes_lie_where_they_should(
    bench: Bench,
    red: Path,
    blue: Path,
    parameters: dict[str, Any],
    size: tuple[int, int],
    pixels: dict[tuple[int, int], tuple[int, ...]],
) -> None:
    file = merged(bench, red, blue, **parameters)

    assert (file.meta["width"], file.meta["height"]) == size
    assert (file.name, file.mime) == ("red.png", "image/png")
    assert {at: pixel(file, *at) for at in pixels} == pixels


@pytest.mark.parametrize(
    ("wanted", "mime"), [("jpg", "image/jpeg"), ("png", "image/png"), ("webp", "image/webp")]
)
@pytest.mark.parametrize("names", [("a.jpg",), ("a.jpg", "b.webp", "c.gif", "d.png", "e.tiff")])
def test_pictures_of_all_formats_become_one_of_each(
    bench: Bench, tmp_path: Path, names: tuple[str, ...], wanted: str, mime: str
) -> None:
    paths = [picture(tmp_path, name, "testsrc2=s=30x20") for name in names]

    file = merged(bench, *paths, format=wanted, background="transparent")

    assert (file.name, file.mime) == (f"a.{wanted}", mime)
    assert (file.meta["width"], file.meta["height"]) == (30 * len(names), 20)


def test_quality_is_paid_for_in_bytes(bench: Bench, tmp_path: Path) -> None:
    paths = [picture(tmp_path)] * 2

    fine, poor = (merged(bench, *paths, format="jpg", quality=quality) for quality in (100, 20))

    assert fine.size_bytes > 2 * poor.size_bytes


def test_what_is_see_through_lies_on_the_background(bench: Bench, tmp_path: Path, red: Path) -> None:
    clear = picture(tmp_path, "clear.png", "color=black@0:s=20x20,format=rgba")

    assert pixel(merged(bench, red, clear), 50, 10) == WHITE
    assert pixel(merged(bench, red, clear, background="none"), 50, 10) == CLEAR
    assert pixel(merged(bench, clear, background="none", format="jpg"), 5, 5) == WHITE


def test_pictures_stand_upright(bench: Bench, tmp_path: Path, blue: Path) -> None:
    lying = held_upright(picture(tmp_path, "photo.jpg", "color=blue:s=30x10"))

    file = merged(bench, lying, blue)

    assert (file.meta["width"], file.meta["height"]) == (20, 30)


def test_pictures_come_in_the_order_of_their_names_or_their_roles(
    bench: Bench, tmp_path: Path, red: Path, blue: Path
) -> None:
    ten = picture(tmp_path, "part 10.png", "color=red:s=40x20")
    two = picture(tmp_path, "part 2.png", "color=blue:s=40x20,format=rgb24")
    assert pixel(merged(bench, ten, two, sort_by="basename")) == BLUE
    assert pixel(merged(bench, ten, two)) == RED

    uses = [
        {"name": ":original", "fields": "a", "as": "image_2"},
        {"name": ":original", "fields": "b", "as": "image_1"},
    ]
    first, second = replace(bench.upload(red), field="a"), replace(bench.upload(blue), field="b")
    step = {"robot": "/image/merge", "use": {"steps": uses, "bundle_steps": True}}
    (file,) = [each for each in bench.run({"made": step}, first, second) if each.step == "made"]
    assert pixel(file) == BLUE


def test_what_is_no_picture_is_passed_over(bench: Bench, clip: Clip, red: Path) -> None:
    assert merged(bench, clip("plain.mp4"), red, clip("sound.m4a")).meta["width"] == 40

    step = {"robot": "/image/merge", "use": ALL}
    assert [file.step for file in bench.run({"made": step}, bench.upload(clip("sound.m4a")))] == [":original"]


def test_a_hundred_pictures_are_one_run_of_ffmpeg(bench: Bench, red: Path) -> None:
    file = merged(
        bench, *[red] * 100, direction="grid", columns=10, cell_width=16, cell_height=9, format="jpg"
    )

    assert (file.meta["width"], file.meta["height"]) == (160, 90)
    assert len(file.original_ids) == 100


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        pytest.param(
            {"direction": "grid", "columns": 1, "rows": 1},
            "2 pictures do not fit into 1 columns and 1 rows",
            id="grid-too-small",
        ),
        pytest.param(
            {"direction": "grid", "columns": 1000, "rows": 1000, "cell_width": 500},
            "too large: 500000 x",
            id="sheet-too-large",
        ),
        pytest.param(
            {"direction": "grid", "columns": 1000, "cell_width": 80, "cell_height": 1, "format": "jpg"},
            "too large: 80000 x 1",
            id="longer-than-a-jpg-can-be",
        ),
    ],
)
def test_a_sheet_that_cannot_be_made_is_refused_in_words(
    bench: Bench, red: Path, blue: Path, parameters: dict[str, Any], reason: str
) -> None:
    with pytest.raises(AssemblyError, match=reason) as caught:
        merged(bench, red, blue, **parameters)

    assert (caught.value.code, caught.value.step) == ("INVALID_INPUT_ERROR", "made")


@pytest.mark.parametrize(
    ("allowed", "reason"),
    [
        pytest.param({"MOST_IMAGES": 1}, "2 pictures are too many: 1 are allowed", id="in-number"),
        pytest.param({"MOST_PIXELS_READ": 1599}, "make them smaller first", id="in-pixels"),
    ],
)
def test_m07_more_pictures_than_the_machine_can_hold_are_refused(
    bench: Bench, red: Path, monkeypatch: pytest.MonkeyPatch, allowed: dict[str, int], reason: str
) -> None:
    for name, value in allowed.items():
        monkeypatch.setattr(image_merge, name, value)

    with pytest.raises(AssemblyError, match=reason):
        merged(bench, red, red)


def test_m07_a_picture_larger_than_allowed_is_refused(bench: Bench, red: Path) -> None:
    with pytest.raises(AssemblyError, match=r'"red\.png" is too large: 40 x 20 pixels'):
        merged(bench.with_limits(max_pixels=799), red)


def test_a_collage_is_refused_before_anything_runs() -> None:
    with pytest.raises(StepError, match='"effect" of the step "made": this engine does not') as caught:
        read_steps({"made": {"robot": "/image/merge", "effect": "mosaic"}})

    assert caught.value.code == "IMAGE_MERGE_VALIDATION"
