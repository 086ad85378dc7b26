"""Layouts of sprite sheets, and the filters that tile one."""

from __future__ import annotations

import pytest

from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Size
from cattube_worker.media.stills.sprite_sheet import Grid, Sheet, one_below_another, side_by_side, tile

LYING, STANDING, TINY = Size(400, 200), Size(100, 300), Size(10, 10)


def spots(sheet: Sheet) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of each picture."""
    return [(spot.x, spot.y, spot.size.width, spot.size.height) for spot in sheet.spots]


def test_pictures_side_by_side_are_at_the_upper_edge() -> None:
    sheet = side_by_side([LYING, STANDING], gap=5)

    assert sheet.size == Size(505, 300)
    assert spots(sheet) == [(0, 0, 400, 200), (405, 0, 100, 300)]


def test_pictures_below_one_another_are_at_the_left_edge() -> None:
    sheet = one_below_another([LYING, STANDING], gap=5)

    assert sheet.size == Size(400, 505)
    assert spots(sheet) == [(0, 0, 400, 200), (0, 205, 100, 300)]


@pytest.mark.parametrize("layout", [side_by_side, one_below_another, lambda sizes: Grid().sheet(sizes)])
def test_one_picture_is_the_whole_sheet(layout) -> None:  # type: ignore[no-untyped-def]
    assert layout([LYING]) == Sheet(size=LYING, spots=side_by_side([LYING]).spots)


@pytest.mark.parametrize(
    ("grid", "count", "shape"),
    [
        pytest.param(Grid(), 1, (1, 1), id="one"),
        pytest.param(Grid(), 5, (3, 2), id="about-as-wide-as-high"),
        pytest.param(Grid(), 9, (3, 3), id="square"),
        pytest.param(Grid(columns=4), 9, (4, 3), id="by-columns"),
        pytest.param(Grid(rows=2), 9, (5, 2), id="by-rows"),
        pytest.param(Grid(columns=10), 3, (10, 1), id="columns-stay-empty"),
        pytest.param(Grid(columns=5, rows=5), 3, (5, 5), id="rows-stay-empty"),
    ],
)
def test_columns_and_rows_follow_from_each_other(grid: Grid, count: int, shape: tuple[int, int]) -> None:
    assert grid.shape(count) == shape


def test_more_pictures_than_cells_are_refused() -> None:
    with pytest.raises(InvalidInput, match="5 pictures do not fit into 2 columns and 2 rows"):
        Grid(columns=2, rows=2).shape(5)


@pytest.mark.parametrize(
    ("grid", "size", "expected"),
    [
        pytest.param(
            Grid(columns=2, cell_width=100, cell_height=100),
            Size(200, 200),
            [(0, 25, 100, 50), (133, 0, 33, 100), (0, 100, 100, 100)],
            id="fitted-into-cells",
        ),
        pytest.param(
            Grid(columns=2, cell_width=100, cell_height=100, gap=10),
            Size(210, 210),
            [(0, 25, 100, 50), (143, 0, 33, 100), (0, 110, 100, 100)],
            id="with-gaps-between-and-not-around",
        ),
        pytest.param(
            Grid(columns=2, cell_width=100),
            Size(200, 600),
            [(0, 125, 100, 50), (100, 0, 100, 300), (0, 400, 100, 100)],
            id="of-one-width",
        ),
        pytest.param(
            Grid(columns=2),
            Size(800, 600),
            [(0, 50, 400, 200), (550, 0, 100, 300), (195, 445, 10, 10)],
            id="as-large-as-they-are",
        ),
    ],
)
def test_pictures_lie_in_the_middle_of_their_cells(
    grid: Grid, size: Size, expected: list[tuple[int, int, int, int]]
) -> None:
    sheet = grid.sheet([LYING, STANDING, TINY])

    assert sheet.size == size
    assert spots(sheet) == expected


def test_pictures_of_one_size_are_tiled_as_they_come() -> None:
    grid = Grid(columns=10, cell_width=160, cell_height=90, gap=2)

    tiled = tile(grid, Size(1080, 1920), 95, background=(255, 255, 255))

    assert tiled.size == Size(1618, 918)
    assert tiled.filters == (
        "scale=51:90",
        "setsar=1",
        "trim=end_frame=95",
        "format=rgb24",
        "pad=160:90:54:0:0xffffff",
        "tile=10x10:padding=2:color=0xffffff",
    )


def test_full_sheet_is_begun_with_its_first_picture() -> None:
    filters = tile(Grid(columns=10), Size(16, 9), 100, background=(0, 0, 0)).filters

    assert filters[-2:] == (
        "tile=10x10:padding=0:color=0x000000:overlap=99:init_padding=99",
        "select='eq(n,0)+eq(n,99)'",
    )


def test_a_sheet_may_be_transparent() -> None:
    filters = tile(Grid(columns=1), Size(16, 9), 1, background=None).filters

    assert filters[3:] == ("format=rgba", "pad=16:9:0:0:0x00000000", "tile=1x1:padding=0:color=0x00000000")
