"""The parameters of /image/resize."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from cattube_worker.media.encode.filters.watermark import WatermarkStrategy
from cattube_worker.media.geometry import ResizeStrategy, Size
from cattube_worker.media.stills.effects import Ellipse
from cattube_worker.robots.image_resize.text import TextOverlay
from cattube_worker.robots.shared.images import Crop, ImageUrl
from cattube_worker.robots.shared.values import (
    ColorName,
    Percentage,
    Position,
    Positions,
    Unsupported,
    as_text,
    one_or_several,
)

MOST_PIXELS = 100_000_000


def _leading_number(value: Any) -> Any:
    """ "320px" is 320: a number may have anything behind it."""
    digits = re.match(r"\d+", value) if isinstance(value, str) else None
    return int(digits[0]) if digits else value


def _degrees(value: Any) -> Any:
    words = {"true": True, "auto": True, "false": False}
    if isinstance(value, str):
        is_number = re.fullmatch(r"-?\d{1,4}(\.\d{1,4})?", value)
        return words.get(value, float(value) if is_number else value)
    return value


def _key_color(color: str) -> str:
    """ "255,255,255" is a colour as well."""
    if re.fullmatch(r"\d{1,3},\d{1,3},\d{1,3}", color):
        parts = [min(255, int(part)) for part in color.split(",")]
        return "#{:02x}{:02x}{:02x}".format(*parts)
    return color


Pixels = Annotated[int, BeforeValidator(_leading_number), Field(ge=1, le=25_000)]
At = Annotated[int, BeforeValidator(_leading_number), Field(ge=0, le=25_000)]


class BlurRegion(BaseModel):
    """An ellipse by the rectangle around it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    x: At
    y: At
    width: Pixels
    height: Pixels

    def within(self, size: Size) -> Ellipse | None:
        """The part of it that lies in a picture of that size."""
        width, height = min(self.width, size.width - self.x), min(self.height, size.height - self.y)
        return Ellipse(self.x, self.y, width, height) if width > 0 and height > 0 else None


class ResizeParameters(BaseModel):
    """Source: Transloadit docs, "/image/resize"."""

    format: Literal["jpg", "jpeg", "png", "webp", "gif", "tiff", "tif"] | None = None
    width: Pixels | None = None
    height: Pixels | None = None
    resize_strategy: ResizeStrategy = "fit"
    zoom: bool = True
    crop: Crop | None = None
    gravity: Position = "center"
    quality: int = Field(92, ge=1, le=100)
    background: ColorName = "#FFFFFF"
    rotation: Annotated[bool | float, BeforeValidator(_degrees)] = True
    frame: int | None = Field(None, ge=1, le=100_000)
    progressive: bool = False
    density: Annotated[str, BeforeValidator(as_text), Field(pattern=r"^\d{1,5}(x\d{1,5})?$")] | None = None
    compress: Literal["LZW", "None", "RLE", "Zip"] | None = None
    trim_whitespace: bool = False
    shave: Annotated[str, BeforeValidator(as_text), Field(pattern=r"^\d{1,5}(x\d{1,5})?$")] | None = None
    blur: Annotated[str, Field(pattern=r"^\d{1,4}(\.\d+)?x\d{1,4}(\.\d+)?$")] | None = None
    blur_regions: tuple[BlurRegion, ...] | None = Field(None, max_length=50)
    brightness: float = Field(1, ge=0, le=100)
    saturation: float = Field(1, ge=0, le=100)
    hue: float = Field(100, ge=0, le=200)
    contrast: float = Field(1, ge=0, le=2)
    sepia: int | None = Field(None, ge=0, le=99)
    monochrome: bool = False
    negate: bool = False
    colorspace: Literal["Gray", "RGB", "sRGB"] | None = None
    type: Literal["Bilevel", "Grayscale", "GrayscaleAlpha", "TrueColor", "TrueColorAlpha"] | None = None
    alpha: Literal["Extract", "Off", "Opaque", "Remove", "Deactivate", "Transparent"] | None = None
    transparent: Annotated[ColorName, BeforeValidator(_key_color)] | None = None
    watermark_url: Literal[""] | ImageUrl = ""
    watermark_position: Positions = ("center",)
    watermark_x_offset: int = Field(0, ge=-25_000, le=25_000)
    watermark_y_offset: int = Field(0, ge=-25_000, le=25_000)
    watermark_size: Percentage | None = None
    watermark_resize_strategy: WatermarkStrategy = "fit"
    watermark_opacity: float = Field(1, ge=0, le=1)
    watermark_repeat_x: bool = False
    watermark_repeat_y: bool = False
    text: Annotated[tuple[TextOverlay, ...], BeforeValidator(one_or_several), Field(max_length=20)] = ()

    # Not done here: they are refused, because an image without them would not be the one asked for.
    clip: Unsupported = False
    clut: Unsupported = False
    preclip_alpha: Unsupported = False
    correct_gamma: Unsupported = False

    # Accepted, and without effect: images come out without the camera's notes and as one layer, and a PNG
    # is filtered as its encoder likes.
    strip: bool = False
    flatten: bool = True
    adaptive_filtering: bool = False
    imagemagick_stack: str | None = None
    stack: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _by_their_newer_names(cls, values: Any) -> Any:
        older = {"watermark_position_x": "watermark_x_offset", "watermark_position_y": "watermark_y_offset"}
        return {older.get(key, key): value for key, value in values.items()}

    @model_validator(mode="after")
    def _within_bounds(self) -> Self:
        if (self.width or 1) * (self.height or 1) > MOST_PIXELS:
            raise ValueError(
                f"{self.width} x {self.height} are more than the {MOST_PIXELS / 1e6:g} million pixels allowed"
            )
        return self
