"""One page of the library, narrowed, sorted and searched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cattube.search.listing.filters import Filters, entries_for
from cattube.search.listing.orders import BY_AGE, NEWEST, in_order
from cattube.search.listing.pages import page_at
from cattube.search.matches import Match, matches_in
from cattube.videos import access
from cattube.videos.models import Video

# Of each hit a part of its transcript is read.
MOST_HITS_OF_A_PAGE = 24


@dataclass(frozen=True)
class LibraryPage:
    """videos: with owners, assets and tags. matches: of a search, by the video's id.

    next, previous: cursors of the pages beside this one; None where the list ends. total: of all pages, or
    the most that was to be counted.
    """

    videos: Sequence[Video]
    matches: Mapping[str, Sequence[Match]]
    next: str | None
    previous: str | None
    total: int


def library_page(
    viewer: access.Viewer,
    filters: Filters,
    *,
    order: str,
    cursor: str,
    limit: int,
    most_counted: int | None = None,
) -> LibraryPage:
    """Up to `limit` videos of the viewer's library that fit, of a search MOST_HITS_OF_A_PAGE at most.

    order: a key of ORDERS. cursor: "" for the first page. Raises InvalidFields when it is not one of ours.
    most_counted: each video that is counted costs time; None counts all.
    """
    limit = min(limit, MOST_HITS_OF_A_PAGE) if filters.query.terms else limit
    entries = entries_for(viewer, filters, is_by_age=order in BY_AGE)
    page = page_at(in_order(entries, order, filters), order=order, cursor=cursor, limit=limit)
    videos = _videos(viewer, page.video_ids)
    matches = matches_in(videos, filters.query.terms) if filters.query.terms else {}
    is_all = page.next is None and page.previous is None
    total = len(videos) if is_all else entries[:most_counted].count() if most_counted != 0 else 0
    return LibraryPage(videos, matches, page.next, page.previous, total)


def newest_videos(viewer: access.Viewer, filters: Filters, *, limit: int) -> list[Video]:
    """The newest of the viewer's library that fit, newest first, with owners, assets and tags."""
    entries = in_order(entries_for(viewer, filters), NEWEST, filters)
    return _videos(viewer, list(entries.values_list("video_id", flat=True)[:limit]))


def _videos(viewer: access.Viewer, video_ids: Sequence[str]) -> list[Video]:
    """These videos in this order, asked for as everywhere: no entry shows what its video would not."""
    rows = access.with_related().filter(access.is_listed(viewer), pk__in=video_ids).order_by()
    videos = {video.pk: video for video in rows}
    return [videos[video_id] for video_id in video_ids if video_id in videos]
