"""The picture of a sound's peaks. Pure."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cattube_worker.media.audio.peaks import Channel
from cattube_worker.media.colors import Rgba
from cattube_worker.media.geometry import Size
from cattube_worker.media.stills.png import rgba_png

_LOUDEST = 32768


@dataclass(frozen=True, kw_only=True)
class WaveformStyle:
    """The look of a waveform. center, outer: its colours in the middle of its band and at the edges.

    bar_width, bar_gap: in pixels; a width of 0 draws no bars. is_smooth: edges between two pixels are mixed.
    """

    background: Rgba
    center: Rgba
    outer: Rgba
    is_smooth: bool = False
    bar_width: int = 0
    bar_gap: int = 0
    has_round_bars: bool = False


def waveform_png(channels: Sequence[Channel], size: Size, style: WaveformStyle, *, level: int = -1) -> bytes:
    """A PNG of that size: a band for each channel, a column of pixels for each stretch.

    level: of the compression, from 0 to 9; -1 leaves it to zlib.
    """
    bounds = [index * size.height // len(channels) for index in range(len(channels) + 1)]
    bands = [
        _band(channel, Size(size.width, bottom - top), style)
        for channel, (top, bottom) in zip(channels, pairwise(bounds), strict=True)
        if bottom > top
    ]
    return rgba_png(size, (row for band in bands for row in band), level=level)


def _band(channel: Channel, size: Size, style: WaveformStyle) -> Iterator[bytes]:
    """Rows of the pixels of one channel."""
    columns = array("I", b"".join(_columns(channel, size, style)))
    # Each column lies whole in memory, so that a row is every so many-th pixel.
    return (columns[row :: size.height].tobytes() for row in range(size.height))


def _columns(channel: Channel, size: Size, style: WaveformStyle) -> Iterator[bytes]:
    ground = bytes(style.background) * size.height
    gradient = b"".join(
        bytes(_mix(style.center, style.outer, abs(2 * row + 1 - size.height) / size.height))
        for row in range(size.height)
    )
    for x in range(size.width):
        span = _span(channel, x, size, style)
        yield ground if span is None else _column(*span, ground, gradient, is_smooth=style.is_smooth)


def _span(channel: Channel, x: int, size: Size, style: WaveformStyle) -> tuple[float, float] | None:
    """Where the wave begins and ends in a column, in pixels from above; None where there is none."""
    start, width, inset = x, 1, 0.0
    if style.bar_width:
        start -= x % (style.bar_width + style.bar_gap)
        width = style.bar_width
        if x - start >= width:
            return None
        if style.has_round_bars:
            radius = width / 2
            inset = radius - math.sqrt(radius**2 - (x - start + 0.5 - radius) ** 2)
    lows, highs = channel.lows[start : start + width], channel.highs[start : start + width]
    if not lows:
        return None
    middle = size.height / 2
    top, bottom = middle - max(highs) / _LOUDEST * middle, middle - min(lows) / _LOUDEST * middle
    inset = min(inset, (bottom - top) / 2)
    return top + inset, bottom - inset


def _column(top: float, bottom: float, ground: bytes, gradient: bytes, *, is_smooth: bool) -> bytes:
    """A column of pixels; silence is a line as well."""
    rows = len(ground) // 4
    center = (top + bottom) / 2
    top, bottom = max(0.0, min(top, center - 0.5)), min(float(rows), max(bottom, center + 0.5))
    if not is_smooth:
        first = min(rows - 1, round(top))
        last = max(first + 1, round(bottom))
        return ground[: 4 * first] + gradient[4 * first : 4 * last] + ground[4 * last :]
    first, last = math.floor(top), math.ceil(bottom)
    column = bytearray(ground[: 4 * first] + gradient[4 * first : 4 * last] + ground[4 * last :])
    for row in {first, last - 1}:
        covered = min(row + 1, bottom) - max(row, top)
        pixel = slice(4 * row, 4 * row + 4)
        column[pixel] = bytes(_mix(_color(ground[pixel]), _color(gradient[pixel]), covered))
    return bytes(column)


def _color(pixel: bytes) -> Rgba:
    red, green, blue, alpha = pixel
    return red, green, blue, alpha


def _mix(one: Rgba, other: Rgba, share: float) -> Rgba:
    """A colour so far on the way from one to the other; what is seen through has no colour of its own."""
    alpha = one[3] * (1 - share) + other[3] * share
    weight = other[3] * share / alpha if alpha else share
    red, green, blue = (round(a * (1 - weight) + b * weight) for a, b in zip(one[:3], other[:3], strict=True))
    return red, green, blue, round(alpha)
