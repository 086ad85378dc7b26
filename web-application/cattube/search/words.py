"""Words of a text as the index has them, each with its place in the text. Pure.

Chinese, Japanese, Thai and other scripts put no spaces between words. Each of their characters is a word
here, and what is searched for is a phrase of them, so nobody has to know where their words end. Symbols,
emoji among them, are words of one character too; those of ASCII are gaps.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from cattube.videos.text import comparable

MAX_WORD_CHARACTERS = 64
# Scripts that put no spaces between words: the first and last of their code points.
UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9D),  # Katakana of half width
    (0x20000, 0x3FFFF),
)
_HALF_WIDTH_MARKS = "\uff9e\uff9f"
_LETTER, _SINGLE, _MARK, _GAP = "lsm "
# Over the kinds of characters, not over the text.
_UNIT = re.compile(f"{_LETTER}[{_LETTER}{_MARK}]*|{_SINGLE}{_MARK}*")


class Word(NamedTuple):
    """text: in the form that is compared. start, end: of what is written for it, as in a slice."""

    text: str
    start: int
    end: int


class _Kinds(dict[int, str]):
    """Kind of each character, for `str.translate`. Bounded: strangers choose the characters."""

    MOST = 20_000

    def __missing__(self, code: int) -> str:
        kind = _kind(chr(code))
        if len(self) < self.MOST:
            self[code] = kind
        return kind


def words_in(text: str) -> list[Word]:
    """Words of `text` in their order."""
    return [
        Word(word, unit.start(), unit.end())
        for unit in _units(text)
        for word in _folded(text[unit.start() : unit.end()])
    ]


def indexed(text: str) -> str:
    """Words of `text` with spaces between them, as the index is given them."""
    return " ".join(word.text for word in words_in(text))


def is_single(word: str) -> bool:
    """True for a word of one character that stands for itself: nothing begins with it."""
    return _KINDS[ord(word[0])] == _SINGLE


def is_unspaced(word: str) -> bool:
    """True for a word of a script that puts no spaces between them."""
    return _is_unspaced(ord(word[0]))


@lru_cache(maxsize=8192)
def _folded(unit: str) -> tuple[str, ...]:
    # Folding may take a character apart, into several words even.
    text = comparable(unit)
    return tuple(text[part.start() : part.end()][:MAX_WORD_CHARACTERS] for part in _units(text))


def _units(text: str) -> Iterator[re.Match[str]]:
    return _UNIT.finditer(text.translate(_KINDS))


def _kind(character: str) -> str:
    category = unicodedata.category(character)[0]
    if "\ufe00" <= character <= "\ufe0f":  # how an emoji is drawn
        return _GAP
    if category == "M" or character in _HALF_WIDTH_MARKS:
        return _MARK
    if category in "LN":
        return _SINGLE if _is_unspaced(ord(character)) else _LETTER
    return _SINGLE if category == "S" and not character.isascii() else _GAP


def _is_unspaced(code: int) -> bool:
    return any(first <= code <= last for first, last in UNSPACED)


_KINDS = _Kinds()
