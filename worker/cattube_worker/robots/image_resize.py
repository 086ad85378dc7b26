"""/image/resize: a picture in another size or format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cattube_worker.media.command import QUIETLY, WITHOUT_TRACES, opened
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.exif import UPRIGHT, orientation
from cattube_worker.media.geometry import ResizeStrategy, Size, cut_out, turn, turned
from cattube_worker.media.render import Kitchen, cook
from cattube_worker.media.source import Product, Source
from cattube_worker.media.still_size import StillResize
from cattube_worker.robots.base import WorkRobot
from cattube_worker.robots.picture import Crop
from cattube_worker.robots.video_encode import Position

_SEE_THROUGH = frozenset({"none", "transparent"})
_NOT_SEEN_THROUGH = frozenset({"jpg"})
_COLORS = {
    "white": "ffffff", "black": "000000", "red": "ff0000", "green": "008000", "blue": "0000ff",
    "yellow": "ffff00", "cyan": "00ffff", "magenta": "ff00ff", "gray": "808080", "grey": "808080",
    "silver": "c0c0c0", "orange": "ffa500", "purple": "800080", "pink": "ffc0cb", "brown": "a52a2a",
}  # fmt: skip


def _leading_number(value: Any) -> Any:
    """ "320px" is 320: a number may have anything behind it."""
    found = re.match(r"\d+", value) if isinstance(value, str) else None
    return int(found[0]) if found else value


def _known_color(color: str) -> str:
    is_hex = re.fullmatch(r"#?[0-9a-fA-F]{6}([0-9a-fA-F]{2})?", color)
    if not is_hex and color not in _SEE_THROUGH and color.lower() not in _COLORS:
        raise ValueError(f"expected a colour such as #ff8800, or one of {', '.join(_COLORS)}")
    return color


def _rgb(color: str) -> tuple[int, int, int] | None:
    """Red, green and blue; None for a colour that is seen through."""
    if color in _SEE_THROUGH:
        return None
    digits = _COLORS.get(color.lower(), color.removeprefix("#"))
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _degrees(value: Any) -> Any:
    words = {"true": True, "auto": True, "false": False}
    if isinstance(value, str):
        return words.get(value, int(value) if re.fullmatch(r"-?\d{1,4}", value) else value)
    return value


Pixels = Annotated[int, BeforeValidator(_leading_number), Field(ge=1, le=25_000)]


class ImageResize(WorkRobot):
    """One picture for each picture, of an animation its first frame; what is no picture is passed over.

    Source: Transloadit docs, "/image/resize".
    """

    name: ClassVar[str] = "/image/resize"

    format: Literal["jpg", "jpeg", "png", "webp", "gif"] | None = None
    width: Pixels | None = None
    height: Pixels | None = None
    resize_strategy: ResizeStrategy = "fit"
    zoom: bool = True
    crop: Crop | None = None
    gravity: Position = "center"
    quality: int = Field(92, ge=1, le=100)
    background: Annotated[str, AfterValidator(_known_color)] = "#FFFFFF"
    rotation: Annotated[bool | int, BeforeValidator(_degrees)] = True

    # Accepted, and without effect: pictures come out without the camera's notes, flat and as one frame.
    strip: bool = False
    flatten: bool = True
    progressive: bool = False
    frame: int | None = Field(None, ge=1)
    imagemagick_stack: str | None = None

    @model_validator(mode="after")
    def _upright(self) -> Self:
        if not isinstance(self.rotation, bool) and self.rotation % 90:
            raise ValueError("rotation must be a multiple of 90 degrees here")
        if (self.width or 1) * (self.height or 1) > 100_000_000:
            raise ValueError("width and height together are more than 100 million pixels")
        return self

    def make(self, sources: Sequence[Source], kitchen: Kitchen) -> list[Product]:
        return [
            self._one(source, kitchen, index)
            for index, source in enumerate(sources)
            if source.type == "image" or (self.force_accept and source.meta.get("width"))
        ]

    def filters(self, source: Size, *, held: int = 1) -> tuple[str, ...]:
        """The filters for a picture of that size. held: its orientation, from 1 to 8. Pure."""
        upright = UPRIGHT.get(held, ()) if self.rotation is True else ()
        size = turned(source, 90) if upright and held >= 5 else source
        degrees = 0 if isinstance(self.rotation, bool) else self.rotation % 360
        size = turned(size, degrees)
        if self.crop is not None:
            return (*upright, *turn(degrees), *cut_out(size, self.crop.area()).filters)
        rgb = _rgb(self.background)
        wanted = StillResize(
            width=self.width,
            height=self.height,
            strategy=self.resize_strategy,
            may_enlarge=self.zoom,
            gravity=self.gravity,
            background="0x{:02x}{:02x}{:02x}".format(*rgb) if rgb else "0x00000000",
        )
        return (*upright, *turn(degrees), *wanted.filters(size))

    def _one(self, source: Source, kitchen: Kitchen, index: int) -> Product:
        width, height = int(source.meta.get("width") or 0), int(source.meta.get("height") or 0)
        if not width or not height:
            raise InvalidInput(f'"{source.name}" is not a picture we can read.')
        if width * height > kitchen.limits.max_pixels:
            raise InvalidInput(f'"{source.name}" is too large: {width} x {height} pixels.')
        ext = self._ext(source)
        target = kitchen.folder / f"picture-{index}"
        graph = self._graph(self.filters(Size(width, height), held=orientation(source.path)), ext)
        cook(
            [
                *QUIETLY,
                *opened(source.path, kitchen.limits, "-noautorotate"),
                *("-filter_complex", graph, "-map", "[out]", "-frames:v", "1"),
                *WITHOUT_TRACES,
                *self._encoder(ext),
                f"file:{target}",
            ],
            reads=[source.path],
            name=source.name,
            duration_seconds=0,
            kitchen=kitchen,
        )
        return Product(path=target, name=f"{source.basename}.{ext}", source=source)

    def _ext(self, source: Source) -> str:
        wanted = self.format or source.ext.lower()
        wanted = "jpg" if wanted == "jpeg" else wanted
        return wanted if wanted in {"jpg", "png", "webp", "gif"} else "png"

    def _graph(self, filters: tuple[str, ...], ext: str) -> str:
        chain = ",".join(("format=rgba", *filters))
        keeps_alpha = self.background in _SEE_THROUGH and ext not in _NOT_SEEN_THROUGH
        if keeps_alpha:
            return f"[0:v:0]{chain}[out]"
        red, green, blue = _rgb(self.background) or (255, 255, 255)
        fill = f"[base]lutrgb=r={red}:g={green}:b={blue}:a=255[under]"
        return f"[0:v:0]{chain},split[over][base];{fill};[under][over]overlay=format=rgb[out]"

    def _encoder(self, ext: str) -> list[str]:
        if ext == "jpg":
            # ffmpeg counts the other way round, from 31, the worst, to 1.
            scale = max(1, round(31 - 30 * self.quality / 100))
            return [
                "-c:v",
                "mjpeg",
                "-pix_fmt",
                "yuvj444p",
                "-qmin",
                "1",
                "-q:v",
                str(scale),
                "-f",
                "image2pipe",
            ]
        if ext == "webp":
            return ["-c:v", "libwebp", "-quality", str(self.quality), "-f", "webp"]
        if ext == "gif":
            return ["-c:v", "gif", "-f", "gif"]
        return ["-c:v", "png", "-f", "image2pipe"]
