"""What a list of videos is narrowed by, and the entries that are left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cattube.search.fulltext.index import EVERYWHERE, SPOKEN, TITLE, entries_with
from cattube.search.models import Entry
from cattube.search.query import EMPTY, SearchQuery
from cattube.videos import access
from cattube.videos.models import Video
from cattube.videos.text import comparable

# Of a search with more hits, the newest are counted and sorted.
MOST_HITS = 5_000
# Where words are looked for.
PLACES: Mapping[str, Sequence[str]] = {"": EVERYWHERE, "titles": TITLE, "spoken": SPOKEN}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """query: as `parse` gives it. place: a key of PLACES. channel: an owner's name. longer, shorter: seconds.

    after, before: when a video was uploaded. What is empty or None narrows nothing.
    """

    query: SearchQuery = EMPTY
    place: str = ""
    channel: str = ""
    tag: str = ""
    status: str = ""
    visibility: str = ""
    longer: float | None = None
    shorter: float | None = None
    after: datetime | None = None
    before: datetime | None = None


def entries_for(viewer: access.Viewer, filters: Filters) -> QuerySet[Entry]:
    """Entries of the viewer's library that fit, in no order; MOST_HITS of a search at most."""
    entries = _narrowed(Entry.objects.filter(access.listed(viewer)), filters)
    if filters.query.is_empty:
        return entries
    if not filters.query.terms:
        return entries.none()
    hits = entries.filter(pk__in=entries_with(filters.query.terms, PLACES[filters.place]))
    return Entry.objects.filter(pk__in=hits.order_by("-pk").values("pk")[:MOST_HITS])


def _narrowed(entries: QuerySet[Entry], filters: Filters) -> QuerySet[Entry]:
    exact = {"status": filters.status, "visibility": filters.visibility, "owner__username": filters.channel}
    entries = entries.filter(**{name: value for name, value in exact.items() if value})
    if filters.tag:
        tagged = Video.tags.through.objects.filter(tag__key=comparable(filters.tag))
        entries = entries.filter(video_id__in=tagged.values("video_id"))
    bounds = {
        "length_seconds__gte": filters.longer,
        "length_seconds__lt": filters.shorter,
        "uploaded_at__gte": filters.after,
        "uploaded_at__lt": filters.before,
    }
    if filters.shorter is not None:
        # Of no known length.
        entries = entries.exclude(length_seconds=0)
    return entries.filter(**{name: bound for name, bound in bounds.items() if bound is not None})
