"""Cues of a WebVTT or SubRip file. Pure.

Files come from strangers. What is read is written anew, so nothing of a file but its cues goes further.
A file that cannot be read whole is refused with the line, rather than shown with holes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cattube.captions.formats.cue_settings import clean_settings
from cattube.captions.formats.encodings import lines_of
from cattube.captions.formats.errors import MAX_CUES, MAX_FILE_BYTES, CaptionsTooLarge, UnreadableCaptions
from cattube.captions.formats.markup import clean_text
from cattube.captions.formats.timed_text import TimedText
from cattube.captions.formats.times import MAX_SECONDS, TIME, seconds_of

MAX_CUE_CHARACTERS = 5_000
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_DROPPED = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s.*)?")
_ARROW = "-->"
_TIMES = re.compile(rf"\s*{TIME}\s*-->\s*{TIME}(?:\s+(.*))?", re.ASCII)
NO_HEADER = "a WebVTT file begins with the word WEBVTT."
NO_TIMES = "expected the times of a cue, such as 00:00:01.000 --> 00:00:04.000."
NO_CUE = "this belongs to no cue. Leave no empty line inside a text, or write times above it."


@dataclass
class _Line:
    number: int
    text: str


@dataclass
class _Block:
    """One cue as it stands in the file. line: of its times."""

    line: int
    start_seconds: float
    end_seconds: float
    settings: str
    lines: list[str] = field(default_factory=list)


def read_captions(data: bytes, *, is_webvtt: bool | None = None) -> list[TimedText]:
    """Cues of the file in the order of their times, with clean texts; those without a text are left out.

    is_webvtt: what the sender says that it is; None to see. Raises UnreadableCaptions, CaptionsTooLarge.
    """
    if len(data) > MAX_FILE_BYTES:
        raise CaptionsTooLarge
    lines = lines_of(data)
    has_header = _HEADER.fullmatch(lines[0]) is not None
    if is_webvtt and not has_header and data.strip():
        raise UnreadableCaptions(NO_HEADER, line=1)
    paragraphs = list(_paragraphs(lines[1:] if has_header else lines, first=2 if has_header else 1))
    blocks = _webvtt_blocks(paragraphs) if has_header else _subrip_blocks(paragraphs)
    cues = sorted(_cues(blocks), key=lambda cue: cue.start_seconds)
    if not cues:
        raise UnreadableCaptions("There is no text in this file.")
    return cues


def _paragraphs(lines: Iterable[str], *, first: int) -> Iterator[list[_Line]]:
    """Lines between empty ones, with their numbers."""
    paragraph: list[_Line] = []
    for number, line in enumerate(lines, first):
        if line.strip():
            paragraph.append(_Line(number, line))
        elif paragraph:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _webvtt_blocks(paragraphs: list[list[_Line]]) -> Iterator[_Block]:
    for paragraph in paragraphs:
        if any(_ARROW in line.text for line in paragraph):
            yield from _blocks(paragraph)
        # Right below the word WEBVTT there may be facts about the file.
        elif paragraph[0].number != 2 and not _DROPPED.fullmatch(paragraph[0].text):
            raise UnreadableCaptions(NO_CUE, line=paragraph[0].number)


def _subrip_blocks(paragraphs: list[list[_Line]]) -> Iterator[_Block]:
    """Cues of a file whose texts have empty lines in them now and then, for which players care little."""
    last: _Block | None = None
    for paragraph in paragraphs:
        if any(_ARROW in line.text for line in paragraph):
            blocks = list(_blocks(paragraph))
            if last:
                yield last
            yield from blocks[:-1]
            last = blocks[-1]
        elif last and not _is_number(paragraph):
            last.lines += [line.text for line in paragraph]
        elif not _is_number(paragraph):
            raise UnreadableCaptions(NO_TIMES, line=paragraph[0].number)
    if last:
        yield last


def _is_number(paragraph: list[_Line]) -> bool:
    return len(paragraph) == 1 and paragraph[0].text.strip().isdecimal()


def _blocks(paragraph: list[_Line]) -> Iterator[_Block]:
    """Cues of a paragraph: one, or several without empty lines between. Above the first may be its name."""
    arrows = [place for place, line in enumerate(paragraph) if _ARROW in line.text]
    if arrows[0] > 1:
        raise UnreadableCaptions(NO_TIMES, line=paragraph[0].number)
    for place, end in zip(arrows, [*arrows[1:], len(paragraph)], strict=True):
        block = _timed(paragraph[place])
        block.lines = [line.text for line in paragraph[place + 1 : end]]
        if end < len(paragraph) and block.lines and block.lines[-1].strip().isdecimal():
            block.lines.pop()  # the number of the next cue
        yield block


def _timed(line: _Line) -> _Block:
    match = _TIMES.fullmatch(line.text)
    if match is None:
        raise UnreadableCaptions(NO_TIMES, line=line.number)
    start, end = seconds_of(*match.group(1, 2, 3, 4)), seconds_of(*match.group(5, 6, 7, 8))
    if max(start, end) > MAX_SECONDS:
        raise UnreadableCaptions("this time is beyond a hundred hours.", line=line.number)
    if end <= start:
        raise UnreadableCaptions("this cue ends before it begins.", line=line.number)
    return _Block(line.number, start, end, match[9] or "")


def _cues(blocks: Iterable[_Block]) -> Iterator[TimedText]:
    for count, block in enumerate(blocks):
        if count == MAX_CUES:
            raise UnreadableCaptions(f"there are more than {MAX_CUES} cues.", line=block.line)
        text = "\n".join(block.lines)
        if len(text) > MAX_CUE_CHARACTERS:
            raise UnreadableCaptions(
                f"the text has more than {MAX_CUE_CHARACTERS} characters.", line=block.line
            )
        if cleaned := clean_text(text):
            yield TimedText(block.start_seconds, block.end_seconds, cleaned, clean_settings(block.settings))
