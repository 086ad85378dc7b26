"""One page of the library, narrowed, sorted and searched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cattube.search.filters import Filters, entries_for
from cattube.search.matches import Match, matches_in
from cattube.search.orders import in_order
from cattube.search.pages import page_at
from cattube.videos import access
from cattube.videos.models import Video


@dataclass(frozen=True)
class LibraryPage:
    """videos: with owners, assets and tags. matches: of a search, by the video's id.

    next, previous: cursors of the pages beside this one; None where the list ends.
    """

    videos: Sequence[Video]
    matches: Mapping[str, Sequence[Match]]
    next: str | None
    previous: str | None


def library_page(
    viewer: access.Viewer, filters: Filters, *, order: str, cursor: str, limit: int
) -> LibraryPage:
    """Up to `limit` videos of the viewer's library that fit.

    order: a key of ORDERS. cursor: "" for the first page. Raises InvalidFields when it is not one of ours.
    """
    entries = in_order(entries_for(viewer, filters), order, filters)
    page = page_at(entries, order=order, cursor=cursor, limit=limit)
    videos = _videos(viewer, page.video_ids)
    matches = matches_in(videos, filters.query.terms) if filters.query.terms else {}
    return LibraryPage(videos, matches, page.next, page.previous)


def count(viewer: access.Viewer, filters: Filters, *, at_most: int | None = None) -> int:
    """Number of videos that fit; `at_most` where there are more, since each costs time."""
    entries = entries_for(viewer, filters)
    return (entries[:at_most] if at_most is not None else entries).count()


def _videos(viewer: access.Viewer, video_ids: Sequence[str]) -> list[Video]:
    """These videos in this order, asked for as everywhere: no entry shows what its video would not."""
    videos = {video.pk: video for video in access.listed_for(viewer).filter(pk__in=video_ids)}
    return [videos[video_id] for video_id in video_ids if video_id in videos]
