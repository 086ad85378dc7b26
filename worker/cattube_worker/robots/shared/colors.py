"""Colours as the robots for pictures write them: in hexadecimal, or by a name."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

SEE_THROUGH = frozenset({"none", "transparent"})
_NAMED = {
    "white": "ffffff", "black": "000000", "red": "ff0000", "green": "008000", "blue": "0000ff",
    "yellow": "ffff00", "cyan": "00ffff", "magenta": "ff00ff", "gray": "808080", "grey": "808080",
    "silver": "c0c0c0", "orange": "ffa500", "purple": "800080", "pink": "ffc0cb", "brown": "a52a2a",
}  # fmt: skip


def _known(color: str) -> str:
    is_hex = re.fullmatch(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6}([0-9a-fA-F]{2})?)", color)
    if not is_hex and color not in SEE_THROUGH and color.lower() not in _NAMED:
        raise ValueError(f"expected a colour such as #ff8800, or one of {', '.join(_NAMED)}")
    return color


ColorName = Annotated[str, AfterValidator(_known)]


def rgb(color: str) -> tuple[int, int, int] | None:
    """Red, green and blue; None for a colour that is seen through."""
    if color in SEE_THROUGH:
        return None
    digits = _NAMED.get(color.lower(), color.removeprefix("#"))
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
