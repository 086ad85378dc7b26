"""Subtitles: SRT and WebVTT, read here and written anew, so that ffmpeg reads no file of a stranger. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cattube_worker.media.geometry import Size

MOST_BYTES, MOST_CUES = 10 * 2**20, 50_000

BorderStyle = Literal["box", "outline", "shadow"]

_STAMP = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_STAMP}\s*-->\s*{_STAMP}")
_TAG = re.compile(r"<[^<>\n]*>|\{\\[^{}\n]*\}")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&nbsp;": "\u00a0", "&lrm;": "", "&rlm;": "", "&amp;": "&"}
_ALIGNMENT = {
    "bottom-left": 1, "bottom": 2, "bottom-right": 3, "left": 4, "center": 5, "right": 6, "top-left": 7,
    "top": 8, "top-right": 9,
}  # fmt: skip
# Sizes are in lines of a picture of this height, the default of SubStation Alpha.
_LINES = 288


@dataclass(frozen=True)
class Cue:
    """Text and the time during which it is shown. Its lines end in newlines but for the last."""

    start_seconds: float
    end_seconds: float
    text: str


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


def read_cues(data: bytes) -> list[Cue]:
    """Cues of an SRT or VTT file, in order, without markup. Empty when it is neither."""
    lines = _decoded(data[:MOST_BYTES]).splitlines()
    cues: list[Cue] = []
    for start, end, text in _blocks(lines):
        if text and end > start and len(cues) < MOST_CUES:
            cues.append(Cue(start, end, text))
    return sorted(cues, key=lambda cue: cue.start_seconds)


def part_of(cues: Sequence[Cue], start_seconds: float, end_seconds: float) -> list[Cue]:
    """Cues shown between those moments, in times from the first of them."""
    return [
        Cue(
            max(0.0, cue.start_seconds - start_seconds),
            min(cue.end_seconds, end_seconds) - start_seconds,
            cue.text,
        )
        for cue in cues
        if cue.end_seconds > start_seconds and cue.start_seconds < end_seconds
    ]


def srt(cues: Sequence[Cue]) -> str:
    """SRT file with the cues."""
    return "\n".join(
        f"{number}\n{_srt_time(cue.start_seconds)} --> {_srt_time(cue.end_seconds)}\n{cue.text}\n"
        for number, cue in enumerate(cues, start=1)
    )


def webvtt(cues: Sequence[Cue]) -> str:
    """WebVTT file with the cues, whose text is shown as it stands and is no markup."""
    return "\n".join(
        [
            "WEBVTT\n",
            *(
                f"{_vtt_time(cue.start_seconds)} --> {_vtt_time(cue.end_seconds)}\n{_vtt_text(cue.text)}\n"
                for cue in cues
            ),
        ]
    )


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


def in_filter(path: str) -> str:
    """Path as the value of a filter's option: escaped for the option, and again for the graph."""
    option = re.sub(r"([\\':])", r"\\\1", path)
    return re.sub(r"([\\'\[\],;])", r"\\\1", option)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[float, float, str]]:
    at = 0
    while at < len(lines):
        timing = _TIMING.match(lines[at])
        at += 1
        if timing is None:
            continue
        text = []
        while at < len(lines) and lines[at].strip() and not _TIMING.match(lines[at]):
            text.append(_plain(lines[at]))
            at += 1
        stamps = timing.groups()
        yield _seconds(stamps[:4]), _seconds(stamps[4:]), "\n".join(filter(None, text))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # of old editors for Windows


def _plain(line: str) -> str:
    text = _TAG.sub("", line)
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    return "".join(
        character for character in text if character.isprintable() or character == "\u00a0"
    ).strip()


def _seconds(stamp: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = stamp
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction}")


def _srt_time(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def _vtt_time(seconds: float) -> str:
    return _srt_time(seconds).replace(",", ".")


def _vtt_text(text: str) -> str:
    # With its ">" an arrow in a text would begin a cue of its own.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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
