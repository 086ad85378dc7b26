"""Queries with typing errors forgiven."""

from collections.abc import Iterator

from cattube.search.filters import is_found
from cattube.search.query import SearchQuery, Term, parse
from cattube.search.vocabulary import similar
from cattube.videos.access import Viewer

# Of a query; whoever mistypes more words types them again.
MOST_CORRECTED = 3
# Words that are tried in place of one.
_TRIED = 4


def corrected(query: SearchQuery, viewer: Viewer) -> SearchQuery | None:
    """The query with those words replaced that no video of the viewer's library has; None without such words.

    Known words come from all videos, so each is tried: a word that stands only in what the viewer may not see
    is never shown.
    """
    parts, corrections = query.text.split(), 0
    for number, part in enumerate(parts):
        word = _mistyped(part, viewer) if corrections < MOST_CORRECTED else None
        better = next(_meant(word, viewer), None) if word else None
        if better:
            parts[number] = better
            corrections += 1
    return parse(" ".join(parts)) if corrections else None


def _mistyped(part: str, viewer: Viewer) -> str | None:
    """The word that `part` is, if the viewer finds no video by it."""
    terms = parse(part).terms
    if len(terms) != 1 or len(terms[0].words) != 1 or is_found(viewer, terms):
        return None
    return terms[0].words[0]


def _meant(word: str, viewer: Viewer) -> Iterator[str]:
    return (known for known in similar(word)[:_TRIED] if is_found(viewer, [Term((known,))]))
