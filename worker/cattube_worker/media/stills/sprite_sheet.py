"""Several pictures on one sheet: where each of them lies, and the graph that puts them there. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Resized, Size, scale_to
from cattube_worker.media.stills.size import StillResize

SEEN_THROUGH = "0x00000000"


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a picture lies: the size it is brought to, and its upper left corner."""

    size: Size
    x: int
    y: int


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The whole, and a spot for each picture in their order."""

    size: Size
    spots: tuple[Spot, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Cells of one size, from left to right and then down. What is missing follows from the pictures.

    gap: pixels between two cells.
    """

    columns: int | None = None
    rows: int | None = None
    cell_width: int | None = None
    cell_height: int | None = None
    gap: int = 0

    def shape(self, count: int) -> tuple[int, int]:
        """Columns and rows for so many pictures. Raises InvalidInput when they do not fit."""
        columns = self.columns or math.ceil(count / self.rows if self.rows else math.sqrt(count))
        rows = self.rows or math.ceil(count / columns)
        if count > columns * rows:
            raise InvalidInput(f"{count} pictures do not fit into {columns} columns and {rows} rows.")
        return columns, rows

    def fitted(self, size: Size) -> StillResize:
        """How a picture of that size is brought into a cell."""
        return StillResize(width=self.cell_width, height=self.cell_height, strategy="fit")

    def sheet(self, sizes: Sequence[Size]) -> Sheet:
        """Each picture in the middle of its cell. Raises InvalidInput when they do not fit."""
        columns, rows = self.shape(len(sizes))
        inner = [self.fitted(size).size(size) for size in sizes]
        cell = Size(
            self.cell_width or max(each.width for each in inner),
            self.cell_height or max(each.height for each in inner),
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
        """The size of a sheet of such cells."""
        return Size(
            columns * (cell.width + self.gap) - self.gap,
            rows * (cell.height + self.gap) - self.gap,
        )


def side_by_side(sizes: Sequence[Size], *, gap: int = 0) -> Sheet:
    """From left to right, all at the upper edge."""
    spots, x = [], 0
    for size in sizes:
        spots.append(Spot(size=size, x=x, y=0))
        x += size.width + gap
    return Sheet(size=Size(x - gap, max(size.height for size in sizes)), spots=tuple(spots))


def one_below_another(sizes: Sequence[Size], *, gap: int = 0) -> Sheet:
    """From top to bottom, all at the left edge."""
    spots, y = [], 0
    for size in sizes:
        spots.append(Spot(size=size, x=0, y=y))
        y += size.height + gap
    return Sheet(size=Size(max(size.width for size in sizes), y - gap), spots=tuple(spots))


def tile(grid: Grid, size: Size, count: int, *, background: tuple[int, int, int] | None) -> Resized:
    """From so many pictures of that size, one after the other, to a sheet of them.

    A full sheet is given twice, with its first picture and with all: ffmpeg tells nothing of its progress
    before each of its files is begun. Raises InvalidInput when they do not fit.
    """
    columns, rows = grid.shape(count)
    inner = grid.fitted(size).size(size)
    cell = Size(grid.cell_width or inner.width, grid.cell_height or inner.height)
    left, top = (cell.width - inner.width) // 2, (cell.height - inner.height) // 2
    color = SEEN_THROUGH if background is None else "0x{:02x}{:02x}{:02x}".format(*background)
    count_up = f":overlap={count - 1}:init_padding={count - 1}" if count == columns * rows > 1 else ""
    filters = (
        *scale_to(inner),
        # Cells that stay empty get their colour when the pictures end; nb_frames would leave them black.
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
    """The graph from pictures 0, 1, … to the pad [sheet].

    before: filters for each picture that come before it is brought to its size. background: red, green and
    blue, also behind what is see-through; None leaves it see-through.
    """
    chains = []
    for index, (spot, filters) in enumerate(zip(sheet.spots, before, strict=True)):
        scaling = f"scale={spot.size.width}:{spot.size.height}:flags=lanczos"
        chain = ",".join((*filters, scaling, "format=rgba", "setpts=0"))
        chains.append(f"[{index}:v:0]{chain}[p{index}]")
    chains.append(_laid_out(sheet) + ("[sheet]" if background is None else "[laid]"))
    if background is not None:
        red, green, blue = background
        chains += [
            "[laid]split[over][base]",
            f"[base]lutrgb=r={red}:g={green}:b={blue}:a=255[under]",
            "[under][over]overlay=format=rgb[sheet]",
        ]
    return ";".join(chains)


def _laid_out(sheet: Sheet) -> str:
    """xstack wants two pictures at least, and takes its size from where they end."""
    pads = "".join(f"[p{index}]" for index in range(len(sheet.spots)))
    whole = f"pad={sheet.size.width}:{sheet.size.height}:0:0:{SEEN_THROUGH}"
    if len(sheet.spots) == 1:
        spot = sheet.spots[0]
        return f"{pads}pad={sheet.size.width}:{sheet.size.height}:{spot.x}:{spot.y}:{SEEN_THROUGH}"
    layout = "|".join(f"{spot.x}_{spot.y}" for spot in sheet.spots)
    return f"{pads}xstack=inputs={len(sheet.spots)}:layout={layout}:fill={SEEN_THROUGH},{whole}"
