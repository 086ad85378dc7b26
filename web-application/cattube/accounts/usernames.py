"""Names of accounts: a name must not look like that of somebody else. Pure."""

import unicodedata
from collections.abc import Iterable

from cattube.videos.text import comparable

# Scripts that one language writes side by side.
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "KATAKANA-HIRAGANA"})


def normalized(name: str) -> str:
    """The name with letters of one width each."""
    return unicodedata.normalize("NFKC", name)


def complaint(name: str, taken: Iterable[str]) -> str:
    """Reason why the name may not be had, for people; "" for one that may. taken: names of all accounts."""
    letters = [character for character in name if character.isalpha()]
    if not any(character.isalnum() for character in name):
        return "A name needs a letter or a digit."
    # They are not seen, and end a line or turn the writing round.
    if any(unicodedata.category(character)[0] == "C" or character in "\u2028\u2029" for character in name):
        return "Use letters, digits and signs that can be seen."
    # The first word of a letter's name is its script.
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in letters}
    if len(scripts) > 1 and not scripts <= _EAST_ASIAN:
        return "Use letters of one script: others look like them."
    if _look(name) in map(_look, taken):
        return "Somebody has a name that looks like this one."
    return ""


def _look(name: str) -> str:
    # A Turkish i without its dot has no other form in Unicode.
    return comparable(name).replace("\u0131", "i")
