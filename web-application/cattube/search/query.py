"""What somebody typed into a search field, as terms that a video must have. Pure.

Nothing a person types is syntax but quotes: `-`, `*`, `AND`, `NEAR(` are gaps or words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cattube.search.words import is_single, words_in
from cattube.videos.text import is_blank

MAX_QUERY_CHARACTERS = 200
MAX_TERMS = 20
# A shorter word is no beginning of others: it would be of nearly all.
LEAST_PREFIX_CHARACTERS = 2
_QUOTES = str.maketrans(dict.fromkeys("“”„«»\uff02", '"'))
# A quote that is not closed ends with the text: it is still being typed.
_PART = re.compile(r'"(?P<phrase>[^"]*)(?P<end>"|$)|[^\s"]+')


@dataclass(frozen=True)
class Term:
    """Words that stand side by side. is_prefix: the last of them may go on."""

    words: tuple[str, ...]
    is_prefix: bool = False

    def whole(self) -> "Term":
        """The same words, none of which goes on."""
        return Term(self.words)


@dataclass(frozen=True)
class SearchQuery:
    """text: as typed, without what a database cannot hold. A video has to have all terms, each somewhere."""

    text: str
    terms: tuple[Term, ...]

    @property
    def is_empty(self) -> bool:
        """True when nothing is asked for, so that every video fits."""
        return is_blank(self.text)


EMPTY = SearchQuery("", ())


def parse(text: str) -> SearchQuery:
    """Query of the first MAX_QUERY_CHARACTERS of `text`; one of punctuation alone has no terms."""
    typed = text[:MAX_QUERY_CHARACTERS]
    clean = "".join(character if _is_storable(character) else " " for character in typed).strip()
    terms = dict.fromkeys(_terms(clean))
    return SearchQuery(clean, tuple(terms)[:MAX_TERMS])


def _terms(text: str) -> Iterator[Term]:
    for part in _PART.finditer(text.translate(_QUOTES)):
        phrase = part["phrase"]
        words = tuple(word.text for word in words_in(part[0] if phrase is None else phrase))
        if words:
            yield Term(words, is_prefix=part["end"] != '"' and _may_go_on(words[-1]))


def _may_go_on(word: str) -> bool:
    return len(word) >= LEAST_PREFIX_CHARACTERS and not is_single(word)


def _is_storable(character: str) -> bool:
    return character != "\x00" and not "\ud800" <= character <= "\udfff"
