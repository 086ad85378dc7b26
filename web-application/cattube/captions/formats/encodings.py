"""Text of a file of captions, whatever wrote it. Pure."""

import codecs
import re

from cattube.captions.formats.errors import UnreadableCaptions

_LINE_BREAK = re.compile("\r\n|\r|\n")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
WEBVTT = b"WEBVTT"


def lines_of(data: bytes) -> list[str]:
    """Lines of the file, without their ends.

    UTF-8, or UTF-16 with a byte order mark. What is neither was written by an old program: windows-1252. But
    WebVTT is UTF-8 always. Raises UnreadableCaptions.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lines(data[len(mark) :], encoding)
    try:
        return _lines(data, "utf-8")
    except UnreadableCaptions:
        if data.startswith(WEBVTT) or b"\0" in data:
            raise
    return _lines(data, "windows-1252")


def _lines(data: bytes, encoding: str) -> list[str]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="replace")
        raise UnreadableCaptions("this is not text in UTF-8.", line=_line_after(before)) from error
    if "\0" in text:
        line = _line_after(text[: text.index("\0")])
        raise UnreadableCaptions("this is not text: it has a NUL in it.", line=line)
    return _LINE_BREAK.split(text)


def _line_after(text: str) -> int:
    """Number of the line that follows on `text`, from 1."""
    return len(_LINE_BREAK.split(text))
