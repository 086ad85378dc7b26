"""What a list of videos is narrowed by, and the entries that are left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet, Value

from cattube.channels.channels import owner_named
from cattube.search.fulltext.index import EVERYWHERE, SPOKEN, TITLE, entries_among, entries_with
from cattube.search.models import Entry
from cattube.search.query import EMPTY, SearchQuery
from cattube.videos import access
from cattube.videos.models import Video
from cattube.videos.text import comparable

# Of a search with more hits this many are counted and sorted: each costs time, and nobody looks at the rest.
MOST_HITS = 1_000
# Where words are looked for: what is found first goes before what is found then.
PLACES: Mapping[str, Sequence[Sequence[str]]] = {
    "": (TITLE, EVERYWHERE),
    "titles": (TITLE,),
    "spoken": (SPOKEN,),
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """query: as `parse` gives it. place: a key of PLACES. channel: its name. longer, shorter: seconds.

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


def entries_for(viewer: access.Viewer, filters: Filters, *, is_by_age: bool = True) -> QuerySet[Entry]:
    """Entries of the viewer's library that fit, in no order; MOST_HITS of a search at most.

    is_by_age: they are counted, or will be sorted by their age. A search asks the database at once.
    """
    is_whole = filters == Filters() and not viewer.is_authenticated
    # All that strangers see is one range of an index, by age. In all else the filters or the order lead.
    condition = access.listed(viewer) if is_whole and is_by_age else access.is_listed(viewer)
    entries = _narrowed(Entry.objects.filter(condition), filters)
    if filters.query.is_empty:
        return entries
    if not filters.query.terms:
        return entries.none()
    return Entry.objects.filter(pk__in=entries_among(_hits(entries, filters)))


def _hits(entries: QuerySet[Entry], filters: Filters) -> list[int]:
    """Ids of those entries that have the words: those in titles first, and the newest of each."""
    ids: dict[int, None] = {}
    for fields in PLACES[filters.place]:
        hits = entries.filter(pk__in=entries_with(filters.query.terms, fields)).order_by("-pk")
        ids |= dict.fromkeys(hits.values_list("pk", flat=True)[:MOST_HITS])
        if len(ids) >= MOST_HITS:
            break
    return list(ids)[:MOST_HITS]


def _narrowed(entries: QuerySet[Entry], filters: Filters) -> QuerySet[Entry]:
    exact = {"status": filters.status, "visibility": filters.visibility}
    entries = entries.filter(**{name: value for name, value in exact.items() if value})
    if filters.channel:
        # By the id, which leads into an index of the entries themselves.
        owner_id = owner_named(filters.channel)
        entries = entries.none() if owner_id is None else entries.filter(owner_id=owner_id)
    if filters.tag:
        tagged = Video.tags.through.objects.filter(tag__key=comparable(filters.tag))
        entries = entries.filter(video_id__in=tagged.values("video_id"))
    # Not the column itself: its index would lead away from the order, to half of all videos.
    entries = entries.alias(length=F("length_seconds") + Value(0.0))
    bounds = {
        "length__gte": filters.longer,
        "length__lt": filters.shorter,
        "uploaded_at__gte": filters.after,
        "uploaded_at__lt": filters.before,
    }
    if filters.shorter is not None:
        # Of no known length.
        entries = entries.exclude(length_seconds=0)
    return entries.filter(**{name: bound for name, bound in bounds.items() if bound is not None})
