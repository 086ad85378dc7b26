"""Cues of captions, put together from words so that people can read along. Pure.

What people can read in time is that of most style guides: two lines of 42 characters, seven seconds at most.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from cattube_worker.media.speech.transcript import Word, text_of
from cattube_worker.media.subtitles.cues import Cue

LINE_WIDTH = 42
MOST_SECONDS, LEAST_SECONDS = 7.0, 1.0
# A silence that parts two cues, and the length from which on a cue ends with its sentence.
_PAUSE_SECONDS, _SENTENCE_SECONDS = 1.0, 2.0
_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", "।", "؟", "۔")  # noqa: RUF001 - of many scripts
_CLAUSE_ENDS = (",", ";", ":", "，", "、", "；", "：", "،")  # noqa: RUF001
_CLOSING = "\"'”’»)"  # noqa: RUF001 - what may stand behind them


def cues_of(words: Sequence[Word]) -> list[Cue]:
    """Cues of those words, in order, each beginning after the one before, and not before that has ended."""
    cues = _one_at_a_time(
        Cue(group[0].start_seconds, group[-1].end_seconds, "\n".join(_lines(group)))
        for group in _groups(words)
    )
    nexts = [*(cue.start_seconds for cue in cues), math.inf][1:]
    return [_long_enough(cue, before=start) for cue, start in zip(cues, nexts, strict=True)]


def _one_at_a_time(cues: Iterable[Cue]) -> list[Cue]:
    """The cues, those in one that begin in the same millisecond: no file of subtitles can part them."""
    apart: list[Cue] = []
    for cue in cues:
        last = apart[-1] if apart else None
        if last and round(cue.start_seconds * 1000) <= round(last.start_seconds * 1000):
            end = max(last.end_seconds, cue.end_seconds)
            apart[-1] = Cue(last.start_seconds, end, f"{last.text}\n{cue.text}")
        else:
            apart.append(cue)
    return apart


def _groups(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The words of each cue."""
    group: list[Word] = []
    for word in words:
        if group and _is_over(group, word):
            yield group
            group = []
        while group and _is_full(group, word):
            count = _count_until_break(group)
            yield group[:count]
            group = group[count:]
        group.append(word)
    if group:
        yield group


def _is_over(group: Sequence[Word], word: Word) -> bool:
    """True when the speaker pauses before that word, or begins a sentence with it."""
    last = group[-1]
    seconds = last.end_seconds - group[0].start_seconds
    pauses = word.start_seconds - last.end_seconds >= _PAUSE_SECONDS
    return pauses or (_ends_with(last, _SENTENCE_ENDS) and seconds >= _SENTENCE_SECONDS)


def _is_full(group: Sequence[Word], word: Word) -> bool:
    """True when that word would make a cue too long to be read."""
    is_too_wide = max(map(_width, _lines((*group, word)))) > LINE_WIDTH
    return is_too_wide or word.end_seconds - group[0].start_seconds > MOST_SECONDS


def _count_until_break(group: Sequence[Word]) -> int:
    """How many words of a full cue are shown: up to the last clause, where it is in the second half."""
    for ends in (_SENTENCE_ENDS, _CLAUSE_ENDS):
        for count in range(len(group) - 1, len(group) // 2, -1):
            if _ends_with(group[count - 1], ends):
                return count
    return len(group)


def _ends_with(word: Word, ends: tuple[str, ...]) -> bool:
    return word.text.rstrip(_CLOSING).endswith(ends)


def _lines(group: Sequence[Word]) -> Sequence[str]:
    """The text in one line, or in the two that are most alike in width."""
    text = text_of(group)
    if _width(text) <= LINE_WIDTH or len(group) == 1:
        return (text,)
    halves = [(text_of(group[:at]), text_of(group[at:])) for at in range(1, len(group))]
    return min(halves, key=lambda lines: max(map(_width, lines)))


def _width(text: str) -> int:
    """Width of a text in Latin letters; those of Chinese, Japanese and Korean have twice that."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _long_enough(cue: Cue, *, before: float) -> Cue:
    """The cue, shown as long as people need to see it, or until the next begins."""
    end = max(cue.end_seconds, cue.start_seconds + LEAST_SECONDS)
    return Cue(cue.start_seconds, max(cue.start_seconds, min(end, before)), cue.text)
