"""Made-up words of a seeded library. The same number always gives the same words. Pure."""

import random
from collections.abc import Sequence

# ruff: noqa: S311 chance that has to be the same each time
_BEGINNINGS = (
    *("b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "k", "l", "m", "n", "p", "pl"),
    *("qu", "r", "s", "sh", "st", "t", "tr", "v", "w"),
)
_MIDDLES = ("a", "ai", "e", "ea", "i", "o", "oa", "oo", "u")
_ENDINGS = (
    *("ck", "ct", "l", "ld", "m", "n", "nd", "ng", "nt", "p", "r", "rd", "rn", "s", "ss", "st"),
    *("t", "th"),
)
WORDS = 8_000
# Of sentences, which cues and descriptions repeat.
SENTENCES = 5_000


def words() -> list[str]:
    """Words of one or two syllables, each of them once."""
    chance = random.Random(2)
    found: dict[str, None] = {}
    while len(found) < WORDS:
        syllables = chance.choice((1, 2, 2, 2))
        found["".join(_syllable(chance) for _ in range(syllables))] = None
    return list(found)


def text(chance: random.Random, vocabulary: Sequence[str], *, length: int) -> str:
    """Words by chance. As in a language, few are frequent and most are rare."""
    places = (int(len(vocabulary) * chance.random() ** 3) for _ in range(length))
    return " ".join(vocabulary[place] for place in places).capitalize()


def _syllable(chance: random.Random) -> str:
    return chance.choice(_BEGINNINGS) + chance.choice(_MIDDLES) + chance.choice(_ENDINGS)
