"""Orders of a list of videos."""

from collections.abc import Mapping

from django.db.models import Case, QuerySet, Value, When

from cattube.search.fulltext.index import NAMES, TITLE, entries_with
from cattube.search.listing.filters import Filters
from cattube.search.models import Entry

NEWEST, RELEVANCE = "newest", "relevance"
# Columns of an entry, the last of them the video's id, so that no two videos share a place.
ORDERS: Mapping[str, tuple[str, ...]] = {
    RELEVANCE: ("remoteness", "-uploaded_at", "-video_id"),
    NEWEST: ("-uploaded_at", "-video_id"),
    "oldest": ("uploaded_at", "video_id"),
    "title": ("title_key", "video_id"),
    "longest": ("-length_seconds", "-video_id"),
    "shortest": ("length_seconds", "video_id"),
}


BY_AGE = (NEWEST, "oldest")


def order_of(name: str, filters: Filters) -> str:
    """Key of ORDERS by which the list is sorted. name: as asked for, or "" for the one that fits.

    Without words to look for nothing is more relevant than the rest.
    """
    has_words = bool(filters.query.terms)
    if name not in ORDERS or (name == RELEVANCE and not has_words):
        return RELEVANCE if has_words else NEWEST
    return name


def in_order(entries: QuerySet[Entry], order: str, filters: Filters) -> QuerySet[Entry]:
    """Entries sorted by `order`, a key of ORDERS."""
    if order == RELEVANCE:
        entries = entries.annotate(remoteness=_remoteness(filters))
    return entries.order_by(*ORDERS[order])


def _remoteness(filters: Filters) -> Case:
    """0 where the title has all the words, 1 where words of it begin so, 2 with tags and channel, else 3.

    Both databases agree on it, and it can be told of one video without all others.
    """
    terms = filters.query.terms
    whole = [term.whole() for term in terms]
    return Case(
        When(pk__in=entries_with(whole, TITLE), then=Value(0)),
        When(pk__in=entries_with(terms, TITLE), then=Value(1)),
        When(pk__in=entries_with(terms, NAMES), then=Value(2)),
        default=Value(3),
    )
