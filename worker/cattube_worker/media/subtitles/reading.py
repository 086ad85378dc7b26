"""Cues of SRT and WebVTT files, without their markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cattube_worker.media.subtitles.cues import Cue

MOST_BYTES, MOST_CUES = 10 * 2**20, 50_000

_STAMP = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_STAMP}\s*-->\s*{_STAMP}")
_TAG = re.compile(r"<[^<>\n]*>|\{\\[^{}\n]*\}")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&nbsp;": "\u00a0", "&lrm;": "", "&rlm;": "", "&amp;": "&"}


def read_cues(data: bytes) -> list[Cue]:
    """Cues of an SRT or VTT file, in order, without markup. Empty when it is neither."""
    lines = _decoded(data[:MOST_BYTES]).splitlines()
    cues: list[Cue] = []
    for start, end, text in _blocks(lines):
        if text and end > start and len(cues) < MOST_CUES:
            cues.append(Cue(start, end, text))
    return sorted(cues, key=lambda cue: cue.start_seconds)


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
