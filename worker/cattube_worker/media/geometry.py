"""Sizes of frames and the filters that bring one size to another. Pure.

All sizes are even: 4:2:0 video, which every player can show, has one colour sample for four pixels.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

_SCALING = re.compile(r"scale=(?P<width>\d+):(?P<height>\d+)")
# Rounding to even numbers changes the shape of a small frame by so much.
_SAME_SHAPE = 0.03

ResizeStrategy = Literal["fit", "min_fit", "fillcrop", "pad", "stretch", "crop"]


@dataclass(frozen=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class Area:
    """A rectangle in a frame; each bound in pixels, or in percent when it ends in "%"."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Resized:
    """Filters, and the size they end at."""

    filters: tuple[str, ...]
    size: Size


def resize(
    source: Size,
    *,
    width: int | None,
    height: int | None,
    strategy: ResizeStrategy,
    may_enlarge: bool = True,
    background: str = "black",
) -> Resized:
    """Filters from `source` into a box of `width` and `height`; a missing side follows from its ratio.

    Source: Transloadit docs, "Resize Strategies".
    """
    if width is None and height is None:
        box = Size(even(source.width), even(source.height))
    elif width is None:
        box = Size(even(source.width * (height or 0) / source.height), even(height or 0))
    else:
        box = Size(even(width), even(height if height else source.height * width / source.width))
    return _STRATEGIES[strategy](source, box, may_enlarge, background)


def cut_out(source: Size, area: Area) -> Resized:
    """Filters for the part of `source` within `area`, kept inside the frame."""
    x1, x2 = sorted(_bound(bound, source.width) for bound in (area.x1, area.x2))
    y1, y2 = sorted(_bound(bound, source.height) for bound in (area.y1, area.y2))
    size = Size(even(x2 - x1, at_most=source.width), even(y2 - y1, at_most=source.height))
    left, top = min(x1, source.width - size.width), min(y1, source.height - size.height)
    return Resized((f"crop={size.width}:{size.height}:{max(left, 0)}:{max(top, 0)}",), size)


def even(pixels: float, *, at_most: float = float("inf")) -> int:
    """The nearest even number from 2 to `at_most`."""
    nearest = round(pixels / 2) * 2
    return max(2, nearest if nearest <= at_most else int(at_most) // 2 * 2)


def scale_to(size: Size) -> tuple[str, ...]:
    """Filters to that size, in square pixels: rounding to even numbers must not make them oblong."""
    return (f"scale={size.width}:{size.height}", "setsar=1")


def keep_shape(filters: tuple[str, ...], source: Size) -> tuple[str, ...]:
    """`filters` that begin with a scaling of frames of `source`, so that frames of another shape get bars.

    Some videos change their size on the way. The filters that follow see none of it.
    """
    match = _SCALING.fullmatch(filters[0])
    if match is None:
        return filters
    width, height = int(match["width"]), int(match["height"])
    shape = f"(dar*{source.height}/{source.width})"
    is_usual = f"lt(abs({shape}-1),{_SAME_SHAPE})"
    scaling = (
        f"scale=w='if({is_usual},{width},max(2,2*trunc({width}*min(1,{shape})/2)))'"
        f":h='if({is_usual},{height},max(2,2*trunc({height}*min(1,1/{shape})/2)))':eval=frame"
    )
    # One element, as it is one scaling. Without setsar the bars are laid where the first frames had none.
    return (f"{scaling},setsar=1,pad={width}:{height}:-1:-1:eval=frame", *filters[1:])


def turn(degrees: int) -> tuple[str, ...]:
    """Filters that turn a frame clockwise by a multiple of 90 degrees."""
    return _TURNS[degrees % 360]


_TURNS = {0: (), 90: ("transpose=clock",), 180: ("hflip", "vflip"), 270: ("transpose=cclock",)}


def turned(size: Size, degrees: int) -> Size:
    """The size after `turn`."""
    return Size(size.height, size.width) if degrees % 180 == 90 else size


def _scaled(source: Size, factor: float, *, within: Size | None = None) -> Size:
    limit = within or Size(2**30, 2**30)
    return Size(
        even(source.width * factor, at_most=limit.width), even(source.height * factor, at_most=limit.height)
    )


def _scale(source: Size, size: Size) -> tuple[str, ...]:
    return () if source == size else scale_to(size)


def _fit(source: Size, box: Size, may_enlarge: bool, background: str) -> Resized:
    factor = min(box.width / source.width, box.height / source.height)
    size = _scaled(source, factor if may_enlarge else min(factor, 1), within=box)
    return Resized(_scale(source, size), size)


def _min_fit(source: Size, box: Size, may_enlarge: bool, background: str) -> Resized:
    factor = max(box.width / source.width, box.height / source.height)
    size = _scaled(source, factor if may_enlarge else min(factor, 1))
    return Resized(_scale(source, size), size)


def _stretch(source: Size, box: Size, may_enlarge: bool, background: str) -> Resized:
    size = box if may_enlarge else _smaller(source, box)
    return Resized(_scale(source, size), size)


def _pad(source: Size, box: Size, may_enlarge: bool, background: str) -> Resized:
    inside = _fit(source, box, may_enlarge, background)
    if inside.size == box:
        return inside
    filters = (*inside.filters, f"pad={box.width}:{box.height}:-1:-1:{background}")
    return Resized(filters, box)


def _fillcrop(source: Size, box: Size, may_enlarge: bool, background: str) -> Resized:
    return _cut_centre(source, _min_fit(source, box, may_enlarge, background), box)


def _crop(source: Size, box: Size, may_enlarge: bool, background: str) -> Resized:
    """The middle of the source as it is; one that does not cover the box is enlarged first."""
    covers = source.width >= box.width and source.height >= box.height
    whole = Resized((), source) if covers else _min_fit(source, box, may_enlarge, background)
    return _cut_centre(source, whole, box)


def _cut_centre(source: Size, whole: Resized, box: Size) -> Resized:
    size = _smaller(whole.size, box)
    if size == whole.size:
        return whole
    return Resized((*whole.filters, f"crop={size.width}:{size.height}"), size)


def _smaller(one: Size, other: Size) -> Size:
    return Size(even(min(one.width, other.width)), even(min(one.height, other.height)))


def _bound(value: str, whole: int) -> int:
    share = float(value.removesuffix("%"))
    pixels = whole * share / 100 if value.endswith("%") else share
    return round(min(max(pixels, 0), whole))


_STRATEGIES: dict[ResizeStrategy, Callable[[Size, Size, bool, str], Resized]] = {
    "fit": _fit,
    "min_fit": _min_fit,
    "fillcrop": _fillcrop,
    "pad": _pad,
    "stretch": _stretch,
    "crop": _crop,
}
