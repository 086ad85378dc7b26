"""Effects on a still picture beside its size, as filters over red, green, blue and opacity. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from cattube_worker.media.geometry import Size

Filters = tuple[str, ...]

_LIGHTNESS = (0.299, 0.587, 0.114)
_SEPIA = ((0.393, 0.769, 0.189), (0.349, 0.686, 0.168), (0.272, 0.534, 0.131))
_IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


@dataclass(frozen=True)
class Ellipse:
    """Ellipse in which a picture is blurred: the rectangle around it, in pixels."""

    x: int
    y: int
    width: int
    height: int


def brightness(factor: float) -> Filters:
    return _each_channel(f"val*{factor:g}")


def contrast(factor: float) -> Filters:
    """Contrast: 0 makes everything grey, 2 doubles the distance from grey."""
    return _each_channel(f"(val-128)*{factor:g}+128")


def negated() -> Filters:
    return _each_channel("255-val")


def toned(*, saturation: float, hue: float) -> Filters:
    """Saturation by a factor, and hue: 100 changes nothing, 0 and 200 turn each colour into its opposite."""
    return ("format=yuva444p", f"hue=h={(hue - 100) * 1.8:g}:s={min(saturation, 10):g}", "format=rgba")


def grey() -> Filters:
    return (_channel_mix((_LIGHTNESS,) * 3),)


def black_and_white() -> Filters:
    return (*grey(), *_each_channel("255*gte(val,128)"))


def sepia(percent: float) -> Filters:
    """Sepia, the brown of old photographs; at 0 % the picture stays as it is."""
    share = percent / 100
    rows = (
        tuple(tone * share + plain * (1 - share) for tone, plain in zip(*pair, strict=True))
        for pair in zip(_SEPIA, _IDENTITY, strict=True)
    )
    return (_channel_mix(tuple(rows)),)


def blurred(sigma: float) -> Filters:
    return (f"gblur=sigma={min(sigma, 1024):g}",)


def turned_by(size: Size, degrees: float) -> tuple[Filters, Size]:
    """Rotation clockwise by any angle, and the size it ends at; the new corners are transparent."""
    angle = math.radians(degrees)
    across, down = abs(math.cos(angle)), abs(math.sin(angle))
    turned = Size(
        max(1, round(size.width * across + size.height * down)),
        max(1, round(size.width * down + size.height * across)),
    )
    return (f"rotate={angle:.6f}:ow={turned.width}:oh={turned.height}:c=black@0",), turned


def shaved(size: Size, across: int, down: int) -> tuple[Filters, Size]:
    """Crop of so many pixels on either side, and the size it ends at; a pixel always stays."""
    across, down = min(across, (size.width - 1) // 2), min(down, (size.height - 1) // 2)
    inner = Size(size.width - 2 * across, size.height - 2 * down)
    return (f"crop={inner.width}:{inner.height}:{across}:{down}:exact=1",), inner


def clear_where(rgb: tuple[int, int, int]) -> Filters:
    """Transparency of the pixels of this colour."""
    red, green, blue = rgb
    return (f"colorkey=0x{red:02x}{green:02x}{blue:02x}:0.01:0",)


def in_ellipse(ellipse: Ellipse, sigma: float) -> Filters:
    """Blurred part of a picture, transparent outside of the ellipse."""
    inside = "lte(hypot((X-W/2)/(W/2),(Y-H/2)/(H/2)),1)"
    return (
        f"crop={ellipse.width}:{ellipse.height}:{ellipse.x}:{ellipse.y}:exact=1",
        *blurred(sigma),
        f"geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='alpha(X,Y)*{inside}'",
    )


# Values of "alpha"; the others of ImageMagick are not supported.
ALPHA: dict[str, Callable[[], Filters]] = {
    "Opaque": lambda: ("lutrgb=a=255",),
    "Transparent": lambda: ("lutrgb=a=0",),
    "Extract": lambda: ("alphaextract", "format=rgba"),
}


def _each_channel(expression: str) -> Filters:
    clipped = f"'clip({expression},0,255)'"
    return (f"lutrgb=r={clipped}:g={clipped}:b={clipped}",)


def _channel_mix(rows: tuple[tuple[float, ...], ...]) -> str:
    names = ("rr", "rg", "rb", "gr", "gg", "gb", "br", "bg", "bb")
    values = (value for row in rows for value in row)
    return "colorchannelmixer=" + ":".join(
        f"{name}={value:.4f}" for name, value in zip(names, values, strict=True)
    )
