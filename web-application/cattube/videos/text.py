"""Text that people typed: the form it is stored in, and the form it is compared in. Pure.

Sources: Unicode Standard Annex 15 (normal forms), and chapter 3.13 (caseless matching).
"""

import re
import unicodedata

# Accents of Latin, Greek and Cyrillic letters. Marks of other scripts, as vowels in Hindi, are kept.
_ACCENTS = re.compile(r"[\u0300-\u036f]")
# Letters by their category that show nothing: fillers of Hangul, and the empty pattern of Braille.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def stored(text: str) -> str:
    """The text in Normal Form C, so that a letter and its accent are the same whoever typed them."""
    return unicodedata.normalize("NFC", text)


def comparable(text: str) -> str:
    """The text as it is searched and sorted: without case, accents and widths of letters.

    "Übung", "u\u0308bung" and "UBUNG" are equal, "Straße" and "STRASSE" too.
    """
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text).casefold())
    # Folding may bring back what the first normalization took apart.
    return stored(_ACCENTS.sub("", unicodedata.normalize("NFKD", bare)))


def is_blank(text: str) -> bool:
    """True when a person sees nothing in the text: it has only spaces, marks, controls and fillers."""
    return not any(_shows(character) for character in text)


def _shows(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZM" and character not in _BLANKS
