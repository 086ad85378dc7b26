"""Sprite sheets: layout of several pictures on one, and the filter graph that draws it. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cattube_worker.media.colors import ffmpeg_color
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Resized, Size, scale_to
from cattube_worker.media.stills.size import StillResize

TRANSPARENT = "0x00000000"


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Spot of a picture on the sheet: its size there, and its upper left corner."""

    size: Size
    x: int
    y: int


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Layout of a sheet: its size, and a spot for each picture in their order."""

    size: Size
    spots: tuple[Spot, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Grid of cells of one size, from left to right and then down. None follows from the pictures.

    gap: pixels between two cells.
    """

    columns: int | None = None
    rows: int | None = None
    cell_width: int | None = None
    cell_height: int | None = None
    gap: int = 0

    def shape(self, count: int) -> tuple[int, int]:
        """Columns and rows for that many pictures. Raises InvalidInput when they do not fit."""
        columns = self.columns or math.ceil(count / self.rows if self.rows else math.sqrt(count))
        rows = self.rows or math.ceil(count / columns)
        if count > columns * rows:
            raise InvalidInput(f"{count} pictures do not fit into {columns} columns and {rows} rows.")
        return columns, rows

    def fitted(self, size: Size) -> StillResize:
        """Resize of a picture of that size into a cell."""
        return StillResize(width=self.cell_width, height=self.cell_height, strategy="fit")

    def sheet(self, sizes: Sequence[Size]) -> Sheet:
        """Layout with each picture in the middle of its cell. Raises InvalidInput when they do not fit."""
        columns, rows = self.shape(len(sizes))
        inner = [self.fitted(size).size(size) for size in sizes]
        cell = Size(
            self.cell_width or max(size.width for size in inner),
            self.cell_height or max(size.height for size in inner),
        )
        spots = tuple(
            Spot(
                size=size,
                x=index % columns * (cell.width + self.gap) + (cell.width - size.width) // 2,
                y=index // columns * (cell.height + self.gap) + (cell.height - size.height) // 2,
            )
            for index, size in enumerate(inner)
        )
        return Sheet(size=self.size_of(cell, columns, rows), spots=spots)

    def size_of(self, cell: Size, columns: int, rows: int) -> Size:
        """Size of a sheet of such cells."""
        return Size(
            columns * (cell.width + self.gap) - self.gap,
            rows * (cell.height + self.gap) - self.gap,
        )


def side_by_side(sizes: Sequence[Size], *, gap: int = 0) -> Sheet:
    """Layout from left to right, all at the upper edge."""
    spots, x = [], 0
    for size in sizes:
        spots.append(Spot(size=size, x=x, y=0))
        x += size.width + gap
    return Sheet(size=Size(x - gap, max(size.height for size in sizes)), spots=tuple(spots))


def one_below_another(sizes: Sequence[Size], *, gap: int = 0) -> Sheet:
    """Layout from top to bottom, all at the left edge."""
    spots, y = [], 0
    for size in sizes:
        spots.append(Spot(size=size, x=0, y=y))
        y += size.height + gap
    return Sheet(size=Size(max(size.width for size in sizes), y - gap), spots=tuple(spots))


def tile(grid: Grid, size: Size, count: int, *, background: tuple[int, int, int] | None) -> Resized:
    """Filters from `count` frames of that size to a sheet of them.

    A full sheet is passed on twice, with its first picture and with all: ffmpeg reports no progress before
    each of its files is begun. Raises InvalidInput when they do not fit.
    """
    columns, rows = grid.shape(count)
    inner = grid.fitted(size).size(size)
    cell = Size(grid.cell_width or inner.width, grid.cell_height or inner.height)
    left, top = (cell.width - inner.width) // 2, (cell.height - inner.height) // 2
    color = ffmpeg_color(background, transparent=TRANSPARENT)
    count_up = f":overlap={count - 1}:init_padding={count - 1}" if count == columns * rows > 1 else ""
    filters = (
        *scale_to(inner),
        # Empty cells get their colour when the frames end; nb_frames would leave them black.
        f"trim=end_frame={count}",
        "format=rgba" if background is None else "format=rgb24",
        f"pad={cell.width}:{cell.height}:{left}:{top}:{color}",
        f"tile={columns}x{rows}:padding={grid.gap}:color={color}{count_up}",
        *([f"select='eq(n,0)+eq(n,{count - 1})'"] if count_up else []),
    )
    return Resized(filters, grid.size_of(cell, columns, rows))


def sheet_graph(
    sheet: Sheet, before: Sequence[Sequence[str]], *, background: tuple[int, int, int] | None
) -> str:
    """Filter graph from the inputs 0, 1, … to the pad [sheet].

    before: filters for each picture before it is scaled. background: red, green and blue, also behind
    transparent pixels; None leaves them transparent.
    """
    chains = []
    for index, (spot, filters) in enumerate(zip(sheet.spots, before, strict=True)):
        scaling = f"scale={spot.size.width}:{spot.size.height}:flags=lanczos"
        chain = ",".join((*filters, scaling, "format=rgba", "setpts=0"))
        chains.append(f"[{index}:v:0]{chain}[p{index}]")
    chains.append(_placement(sheet) + ("[sheet]" if background is None else "[laid]"))
    if background is not None:
        red, green, blue = background
        chains += [
            "[laid]split[over][base]",
            f"[base]lutrgb=r={red}:g={green}:b={blue}:a=255[under]",
            "[under][over]overlay=format=rgb[sheet]",
        ]
    return ";".join(chains)


def _placement(sheet: Sheet) -> str:
    """Chain that places the pictures. xstack needs two at least, and ends where the last of them does."""
    pads = "".join(f"[p{index}]" for index in range(len(sheet.spots)))
    whole = f"pad={sheet.size.width}:{sheet.size.height}:0:0:{TRANSPARENT}"
    if len(sheet.spots) == 1:
        spot = sheet.spots[0]
        return f"{pads}pad={sheet.size.width}:{sheet.size.height}:{spot.x}:{spot.y}:{TRANSPARENT}"
    layout = "|".join(f"{spot.x}_{spot.y}" for spot in sheet.spots)
    return f"{pads}xstack=inputs={len(sheet.spots)}:layout={layout}:fill={TRANSPARENT},{whole}"
