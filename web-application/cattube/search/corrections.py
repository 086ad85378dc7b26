"""Queries with typing errors forgiven."""

from collections.abc import Iterator, Sequence
from itertools import islice

from cattube.search.fulltext.index import EVERYWHERE, entries_with
from cattube.search.models import Entry
from cattube.search.query import MAX_TERMS, SearchQuery, Term, parse
from cattube.search.vocabulary import is_correctable, similar
from cattube.videos.access import Viewer, is_listed

# Words of a query for which others are looked for; whoever mistypes more types them again.
MOST_CORRECTED = 3
# Words that are tried in place of one.
_TRIED = 4


def corrected(query: SearchQuery, viewer: Viewer) -> SearchQuery | None:
    """The query with those words replaced that no video of the viewer's library has; None without such words.

    Known words come from all videos, so each is tried: a word that stands only in what the viewer may not see
    is never shown.
    """
    parts = query.text.split()
    # Each word that is looked at costs a query of the database, and each mistyped one some more.
    mistyped = islice(_mistyped(parts[:MAX_TERMS], viewer), MOST_CORRECTED)
    better = {number: next(_meant(word, viewer), None) for number, word in mistyped}
    if not any(better.values()):
        return None
    return parse(" ".join(better.get(number) or part for number, part in enumerate(parts)))


def _mistyped(parts: Sequence[str], viewer: Viewer) -> Iterator[tuple[int, str]]:
    """Words that may be mistyped and by which the viewer finds no video, each with its part's number."""
    for number, part in enumerate(parts):
        terms = parse(part).terms
        words = [word for term in terms for word in term.words]
        if len(words) == 1 and is_correctable(words[0]) and not _is_found(viewer, terms):
            yield number, words[0]


def _meant(word: str, viewer: Viewer) -> Iterator[str]:
    return (known for known in similar(word)[:_TRIED] if _is_found(viewer, [Term((known,))]))


def _is_found(viewer: Viewer, terms: Sequence[Term]) -> bool:
    """True when a video of the viewer's library has all these terms."""
    return Entry.objects.filter(is_listed(viewer), pk__in=entries_with(terms, EVERYWHERE)).exists()
