"""Colours as steps write them, and as ffmpeg reads them. Pure."""

from __future__ import annotations

import re

TRANSPARENT = frozenset({"none", "transparent"})
_NAMED = {
    "white": "ffffff", "black": "000000", "red": "ff0000", "green": "008000", "blue": "0000ff",
    "yellow": "ffff00", "cyan": "00ffff", "magenta": "ff00ff", "gray": "808080", "grey": "808080",
    "silver": "c0c0c0", "orange": "ffa500", "purple": "800080", "pink": "ffc0cb", "brown": "a52a2a",
}  # fmt: skip

Rgb = tuple[int, int, int]
Rgba = tuple[int, int, int, int]


def check_color(color: str) -> str:
    """The colour, in hexadecimal or by a name. Raises ValueError for what is none."""
    is_hex = re.fullmatch(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6}([0-9a-fA-F]{2})?)", color)
    if not is_hex and color not in TRANSPARENT and color.lower() not in _NAMED:
        raise ValueError(f"expected a colour such as #ff8800, or one of {', '.join(_NAMED)}")
    return color


def rgb(color: str) -> Rgb | None:
    """Red, green and blue of such a colour; None for a colour that is seen through."""
    if color in TRANSPARENT:
        return None
    digits = _NAMED.get(color.lower(), color.removeprefix("#"))
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def rgba(color: str) -> Rgba:
    """Red, green, blue and alpha of a colour of six or eight digits; six are opaque."""
    digits = color.removeprefix("#").ljust(8, "f")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16), int(digits[6:8], 16)


def ffmpeg_color(color: Rgb | None, *, transparent: str = "0x00000000") -> str:
    """A colour as ffmpeg's filters read it."""
    return transparent if color is None else "0x{:02x}{:02x}{:02x}".format(*color)


def ffmpeg_rgba(color: Rgba) -> str:
    """A colour with its alpha as ffmpeg's filters read it."""
    return "0x{:02x}{:02x}{:02x}{:02x}".format(*color)


def opaque_color(color: str) -> str:
    """A colour in hexadecimal as ffmpeg's filters read it, without its alpha."""
    return "0x" + color.removeprefix("#")[:6]
