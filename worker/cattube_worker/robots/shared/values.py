"""Kinds of values that several robots take."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from cattube_worker.media.colors import check_color

_FONTS = Path("/etc/fonts")

Position = Literal[
    "bottom", "bottom-left", "bottom-right", "center", "left", "right", "top", "top-left", "top-right"
]
# Of videos: red, green, blue, and maybe alpha, which none of their players knows.
HexColor = Annotated[str, Field(pattern=r"^#?([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$")]
# Of subtitles: alpha comes first.
AlphaFirstColor = Annotated[str, Field(pattern=r"^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$")]
# Of images: in hexadecimal, or by a name.
ColorName = Annotated[str, AfterValidator(check_color)]
Percentage = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,3})?%$")]
FontName = Annotated[str, Field(pattern=r"^[A-Za-z0-9 _.-]{1,64}$")]


def one_or_several(value: Any) -> Any:
    """A list, also where one value was written."""
    return [value] if isinstance(value, str | Mapping) else value


def as_text(value: Any) -> Any:
    """A text, also where a number was written."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(one_or_several)]
# One of these is chosen at random.
Positions = Annotated[tuple[Position, ...], BeforeValidator(one_or_several), Field(min_length=1)]


def _unsupported(value: bool | str | None) -> bool | str | None:
    if value not in (False, "", None):
        raise ValueError("this engine does not do that: leave it out")
    return value


Unsupported = Annotated[bool | str | None, AfterValidator(_unsupported)]


def font_files() -> list[Path]:
    """Files that tell ffmpeg's filters which fonts there are, as far as they lie outside of /usr."""
    return [_FONTS] if _FONTS.is_dir() else []
