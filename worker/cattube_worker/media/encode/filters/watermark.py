"""A watermark on a video: its size and position, worked out before ffmpeg starts. Pure but for one read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cattube_worker.media.color_tags import ColorTags
from cattube_worker.media.encode.filters.color_filters import declare
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.stills.image_size import picture_mime, picture_size

MOST_PIXELS_A_SIDE = 8192

WatermarkStrategy = Literal["area", "fit", "stretch", "min_fit"]


@dataclass(frozen=True, kw_only=True)
class Watermark:
    """Image over a video.

    position: words such as "top-right". Offsets are in pixels, positive towards the centre.
    size_percent: None leaves the mark at its natural size. duration_seconds: None lasts to the end.
    """

    path: Path
    position: str = "center"
    x_offset: int = 0
    y_offset: int = 0
    size_percent: float | None = None
    strategy: WatermarkStrategy = "fit"
    start_seconds: float = 0
    duration_seconds: float | None = None
    opacity: float = 1

    @property
    def ends_at_seconds(self) -> float | None:
        return None if self.duration_seconds is None else self.start_seconds + self.duration_seconds


def png_size(path: Path) -> Size:
    """The size of a PNG, from its header. Raises InvalidInput when it is none."""
    with path.open("rb") as file:
        is_png = picture_mime(file.read(16)) == "image/png"
    size = picture_size(path) if is_png else None
    if size is None:
        raise InvalidInput("The watermark is not a PNG picture.")
    if max(size.width, size.height) > MOST_PIXELS_A_SIDE:
        raise InvalidInput(
            f"The watermark has {size.width} x {size.height} pixels: use at most {MOST_PIXELS_A_SIDE} a side."
        )
    return size


def scaled_size(natural: Size, video: Size, mark: Watermark) -> Size:
    """The size at which the mark is laid over a video.

    A 400x300 mark at 25 % on 800x800: fit 200x150, min_fit 267x200, stretch 200x200, area as much as a
    quarter of the surface.
    """
    if mark.size_percent is None:
        return natural
    share = mark.size_percent / 100
    if mark.strategy == "stretch":
        return Size(_pixels(video.width * share), _pixels(video.height * share))
    if mark.strategy == "area":
        surface = video.width * video.height * share
        factor = (surface / (natural.width * natural.height)) ** 0.5
    else:
        fits = max if mark.strategy == "min_fit" else min
        factor = fits(video.width * share / natural.width, video.height * share / natural.height)
    return Size(_pixels(natural.width * factor), _pixels(natural.height * factor))


def upper_left(mark_size: Size, video: Size, mark: Watermark) -> tuple[int, int]:
    """The position of the mark's upper left corner."""
    free_x, free_y = video.width - mark_size.width, video.height - mark_size.height
    words = mark.position.split("-")
    x = free_x - mark.x_offset if "right" in words else mark.x_offset
    y = free_y - mark.y_offset if "bottom" in words else mark.y_offset
    if not {"left", "right"} & set(words):
        x += free_x // 2
    if not {"top", "bottom"} & set(words):
        y += free_y // 2
    return x, y


def tiled(
    at: tuple[int, int], mark_size: Size, image: Size, *, across: bool, down: bool
) -> tuple[tuple[int, int], tuple[int, int]]:
    """The position of the first of many marks, and how many there are in a row and below each other.

    They cover the image in the directions asked for, one of them lying where it would lie alone.
    """
    x, y = at
    first_x = x % mark_size.width - mark_size.width if across else x
    first_y = y % mark_size.height - mark_size.height if down else y
    columns = -((first_x - image.width) // mark_size.width) if across else 1
    rows = -((first_y - image.height) // mark_size.height) if down else 1
    return (first_x, first_y), (columns, rows)


def mark_filters(mark: Watermark, size: Size, colors: ColorTags) -> list[str]:
    """Filters for the mark itself, once, before it is laid over a video of those colours."""
    faded = [f"colorchannelmixer=aa={mark.opacity:g}"] if mark.opacity < 1 else []
    scaling = f"scale={size.width}:{size.height}:out_color_matrix={colors.scale_matrix}:out_range=tv"
    return ["format=rgba", *faded, scaling, "format=yuva420p", declare(colors)]


def overlay_filter(mark: Watermark, at: tuple[int, int]) -> str:
    """The filter that lays it over; outside its time the video passes untouched."""
    start, end = mark.start_seconds, mark.ends_at_seconds
    when = ""
    if end is not None:
        when = f":enable='between(t,{start:g},{end:g})'"
    elif start > 0:
        when = f":enable='gte(t,{start:g})'"
    return f"overlay={at[0]}:{at[1]}{when}"


def _pixels(value: float) -> int:
    return max(1, round(value))
