"""A page of text, drawn without fonts: which of them a machine has does not count."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

_GLYPHS, _GLYPH_WIDTH, _GLYPH_HEIGHT = 60, 5, 7
_PAPER, _INK = 0xFF, 0x1E

# Rows of dots, each with ink or without.
_Letter = list[list[bool]]


@dataclass(frozen=True, kw_only=True)
class TextPage:
    """A page of lines of words, in letters of no alphabet."""

    name: str
    width: int = 960
    height: int = 2400

    def draw(self, folder: Path) -> Path:
        """The page as a file in the folder."""
        chance = random.Random(3)
        letters = [_letter(chance) for _ in range(_GLYPHS)]
        rows = [bytearray([_PAPER]) * self.width for _ in range(self.height)]
        for top in range(40, self.height - 20, 15):
            left, end = 60, self.width - chance.randint(60, 300)
            while left < end:
                for _ in range(chance.randint(2, 9)):
                    _write(rows, chance.choice(letters), left, top)
                    left += _GLYPH_WIDTH + 2
                left += _GLYPH_WIDTH + 1
        target = folder / f"{self.name}.pgm"
        target.write_bytes(b"P5\n%d %d\n255\n" % (self.width, self.height) + b"".join(rows))
        return target


def _letter(chance: random.Random) -> _Letter:
    return [[chance.random() < 0.5 for _ in range(_GLYPH_WIDTH)] for _ in range(_GLYPH_HEIGHT)]


def _write(rows: list[bytearray], letter: _Letter, left: int, top: int) -> None:
    for y, line in enumerate(letter):
        for x, is_ink in enumerate(line):
            if is_ink and left + x < len(rows[0]):
                rows[top + y][left + x] = _INK
