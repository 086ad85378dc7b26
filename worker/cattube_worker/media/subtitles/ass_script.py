"""Scripts in the format ASS (Advanced SubStation Alpha), by which libass burns cues into frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cattube_worker.media.geometry import Size
from cattube_worker.media.subtitles.cues import Cue

BorderStyle = Literal["box", "outline", "shadow"]

_ALIGNMENT = {
    "bottom-left": 1, "bottom": 2, "bottom-right": 3, "left": 4, "center": 5, "right": 6, "top-left": 7,
    "top": 8, "top-right": 9,
}  # fmt: skip
# Sizes are in lines of a picture of this height, the default of SubStation Alpha.
_LINES = 288


@dataclass(frozen=True, kw_only=True)
class Style:
    """Style of burned subtitles. Colours are aarrggbb, with 00 for opaque."""

    font: str = "Arial"
    font_size: int = 16
    font_color: str = "00FFFFFF"
    border_style: BorderStyle = "outline"
    border_color: str = "40000000"
    outline_width: int | None = None
    position: str = "bottom"
    is_bold: bool = False
    is_italic: bool = False


def ass(cues: Sequence[Cue], style: Style, size: Size) -> str:
    """ASS script with the cues, which libass draws over frames of that size."""
    width = round(_LINES * size.width / size.height)
    lines = [
        "[Script Info]", "ScriptType: v4.00+", f"PlayResX: {width}", f"PlayResY: {_LINES}", "WrapStyle: 0",
        "ScaledBorderAndShadow: yes", "[V4+ Styles]",
        "Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, Italic, "
        "BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV",
        _style_line(style), "[Events]", "Format: Start, End, Style, Text",
    ]  # fmt: skip
    lines += [
        f"Dialogue: {_ass_time(cue.start_seconds)},{_ass_time(cue.end_seconds)},Default,{_ass_text(cue.text)}"
        for cue in cues
    ]
    return "\n".join(lines) + "\n"


def _ass_time(seconds: float) -> str:
    cs = round(seconds * 100)
    return f"{cs // 360_000}:{cs // 6000 % 60:02}:{cs // 100 % 60:02}.{cs % 100:02}"


def _ass_text(text: str) -> str:
    # A word joiner behind it makes a backslash a character; braces would enclose commands.
    plain = text.replace("\\", "\\\u2060").replace("{", "(").replace("}", ")")
    return plain.replace("\n", "\\N")


def _style_line(style: Style) -> str:
    border = _ass_color(style.border_color)
    width = 1 if style.outline_width is None else style.outline_width
    kind, outline, shadow = {"box": (3, max(width, 1), 0), "outline": (1, width, 0), "shadow": (1, 0, 2)}[
        style.border_style
    ]
    return (
        f"Style: Default,{style.font},{style.font_size},{_ass_color(style.font_color)},{border},{border},"
        f"{-int(style.is_bold)},{-int(style.is_italic)},{kind},{outline},{shadow},"
        f"{_ALIGNMENT[style.position]},10,10,10"
    )


def _ass_color(color: str) -> str:
    """Colour as ASS has it, &Haabbggrr, from rgb, rrggbb or aarrggbb."""
    digits = color.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    digits = digits.rjust(8, "0").upper()
    return f"&H{digits[:2]}{digits[6:8]}{digits[4:6]}{digits[2:4]}"
