"""Search and order of videos in the library."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from cattube.videos.models import Video
from cattube.videos.text import comparable

NEWEST = "newest"
MAX_QUERY_CHARACTERS = 200
# Each order has the video's id behind it, so that no two videos share a place.
ORDERS: Mapping[str, str] = {
    NEWEST: "-uploaded_at",
    "oldest": "uploaded_at",
    "title": "title_key",
    "longest": "-length_key",
}


def in_order(videos: QuerySet[Video], order: str) -> QuerySet[Video]:
    """Videos sorted by `order`, a key of ORDERS."""
    key = ORDERS[order]
    keyed = videos.annotate(length_key=Coalesce("duration_seconds", 0.0))
    return keyed.order_by(key, "-id" if key.startswith("-") else "id")


def search(videos: QuerySet[Video], *, query: str = "", tag: str = "") -> QuerySet[Video]:
    """Videos with every word of `query` in title, description, tags or owner's name, in any case."""
    for word in query[:MAX_QUERY_CHARACTERS].replace("\x00", " ").split():
        key = comparable(word)  # of an accent alone: empty, which is in every text
        with_tag = Video.tags.through.objects.filter(tag__key__contains=key).values("video_id")
        videos = videos.filter(Q(search_text__contains=key) | Q(pk__in=with_tag))
    return videos.filter(tags__key=comparable(tag)) if tag else videos
