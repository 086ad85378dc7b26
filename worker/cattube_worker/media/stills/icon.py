"""Icons of kinds of files: a page with a mark on it. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache

from cattube_worker.media.colors import Rgba
from cattube_worker.media.geometry import Size
from cattube_worker.media.stills.png import rgba_png

ICON_SIDE = 256

Point = tuple[float, float]
Polygon = Sequence[Point]

_CLEAR: Rgba = (0, 0, 0, 0)
_PAPER, _FOLD, _EDGE = (243, 244, 246, 255), (209, 213, 219, 255), (156, 163, 175, 255)
# From the left and from above, where the side of the icon is 100.
_SHEET: Polygon = ((18, 4), (62, 4), (82, 24), (82, 96), (18, 96))
_INNER: Polygon = ((20, 6), (61, 6), (80, 25), (80, 94), (20, 94))
_CORNER: Polygon = ((61, 6), (80, 25), (61, 25))
_LINES_A_PIXEL = 4


def _bar(left: float, top: float, right: float, bottom: float) -> Polygon:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


# The mark of each kind, and its colour.
_MARKS: dict[str, tuple[Rgba, Sequence[Polygon]]] = {
    "video": ((220, 38, 38, 255), [((38, 40), (38, 76), (68, 58))]),
    "audio": (
        (147, 51, 234, 255),
        [
            _bar(30, 52, 35, 64),
            _bar(39, 44, 44, 72),
            _bar(48, 36, 53, 80),
            _bar(57, 46, 62, 70),
            _bar(66, 53, 71, 63),
        ],
    ),
    "image": (
        (22, 163, 74, 255),
        [((28, 76), (42, 50), (56, 76)), ((46, 76), (58, 58), (72, 76)), _bar(60, 40, 68, 48)],
    ),
    "document": (
        (37, 99, 235, 255),
        [_bar(30, 36, 70, 41), _bar(30, 48, 70, 53), _bar(30, 60, 70, 65), _bar(30, 72, 54, 77)],
    ),
    "archive": (
        (217, 119, 6, 255),
        [_bar(46, 6 + step * 9, 54, 11 + step * 9) for step in range(6)] + [_bar(42, 62, 58, 80)],
    ),
    "webpage": (
        (8, 145, 178, 255),
        [
            ((40, 42), (44, 46), (34, 58), (44, 70), (40, 74), (27, 58)),
            ((60, 42), (56, 46), (66, 58), (56, 70), (60, 74), (73, 58)),
        ],
    ),
    "unknown": ((107, 114, 128, 255), [_bar(32, 56, 39, 63), _bar(47, 56, 54, 63), _bar(62, 56, 69, 63)]),
}


@cache
def icon_png(kind: str) -> bytes:
    """The icon of a kind of files, as a PNG that can be seen through beside the page."""
    color, mark = _MARKS[kind]
    layers = [(_SHEET, _EDGE), (_INNER, _PAPER), *((polygon, color) for polygon in mark), (_CORNER, _FOLD)]
    return rgba_png(Size(ICON_SIDE, ICON_SIDE), (_row(row, layers) for row in range(ICON_SIDE)))


def _row(row: int, layers: Sequence[tuple[Polygon, Rgba]]) -> bytes:
    pixels = [_CLEAR] * ICON_SIDE
    for polygon, color in layers:
        lines = [_spans(polygon, row + (line + 0.5) / _LINES_A_PIXEL) for line in range(_LINES_A_PIXEL)]
        start, end = _whole(lines)
        pixels[start:end] = [color] * (end - start)
        for x in _touched(lines):
            if not start <= x < end:
                pixels[x] = _over(pixels[x], color, _share(lines, x))
    return b"".join(map(bytes, pixels))


def _spans(polygon: Polygon, y: float) -> list[tuple[float, float]]:
    """What a polygon covers of a line, all in pixels."""
    crossings = sorted(_crossings(polygon, y * 100 / ICON_SIDE))
    scaled = [x * ICON_SIDE / 100 for x in crossings]
    return list(zip(scaled[::2], scaled[1::2], strict=True))


def _whole(lines: Sequence[Sequence[tuple[float, float]]]) -> tuple[int, int]:
    """The pixels that are covered wholly, where there is one run of them; an empty run else."""
    if any(len(spans) != 1 for spans in lines):
        return 0, 0
    start = math.ceil(max(left for spans in lines for left, _ in spans))
    return start, max(start, math.floor(min(right for spans in lines for _, right in spans)))


def _touched(lines: Sequence[Sequence[tuple[float, float]]]) -> range:
    """The pixels from the first to the last that are covered by a part."""
    lefts, rights = ([span[side] for spans in lines for span in spans] for side in (0, 1))
    return range(math.floor(min(lefts)), math.ceil(max(rights))) if lefts else range(0)


def _share(lines: Sequence[Sequence[tuple[float, float]]], x: int) -> float:
    """How much of a pixel is covered."""
    parts = (min(x + 1, right) - max(x, left) for spans in lines for left, right in spans)
    return sum(part for part in parts if part > 0) / _LINES_A_PIXEL


def _crossings(polygon: Polygon, y: float) -> Iterator[float]:
    """Where the edges of a polygon cross a line at that height."""
    for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (y1 <= y) != (y2 <= y):
            yield x1 + (y - y1) * (x2 - x1) / (y2 - y1)


def _over(under: Rgba, color: Rgba, share: float) -> Rgba:
    """An opaque colour over another, where it covers so much of a pixel."""
    alpha = under[3] / 255 * (1 - share) + share
    weight = share / alpha if alpha else 0
    red, green, blue = (
        round(a * (1 - weight) + b * weight) for a, b in zip(under[:3], color[:3], strict=True)
    )
    return red, green, blue, round(alpha * 255)
