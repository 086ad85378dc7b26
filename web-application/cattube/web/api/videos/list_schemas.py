"""Schemas of lists of videos, and of what a search found in them."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, Field

from cattube.search.listing.filters import PLACES
from cattube.search.listing.orders import ORDERS
from cattube.web.api.schemas import Cursor, Limit, Moment, NoNul, Searched
from cattube.web.api.videos.video_schemas import VideoOut


def _known_order(order: str) -> str:
    if order and order not in ORDERS:
        raise ValueError(f"Choose one of {', '.join(ORDERS)}.")
    return order


def _known_place(place: str) -> str:
    if place not in PLACES:
        raise ValueError(f"Choose one of {', '.join(filter(None, PLACES))}.")
    return place


Seconds = Annotated[float, Field(ge=0, le=10**9)]


class VideoListIn(Schema):
    """longer, shorter: seconds, the first of them included. after, before: of the upload, likewise."""

    q: Searched = ""
    place: Annotated[str, AfterValidator(_known_place)] = ""
    channel: Annotated[Searched, NoNul] = ""
    tag: Annotated[Searched, NoNul] = ""
    status: Literal["", "uploading", "processing", "ready", "failed"] = ""
    visibility: Literal["", "public", "unlisted", "private"] = ""
    longer: Seconds | None = None
    shorter: Seconds | None = None
    after: Moment | None = None
    before: Moment | None = None
    order: Annotated[str, AfterValidator(_known_order)] = ""
    cursor: Cursor = ""
    limit: Limit = 24


class MatchPartOut(Schema):
    text: str
    is_hit: bool


class MatchOut(Schema):
    """Text in which words of a query were found, and its parts. seconds: of the video, where it is spoken."""

    field: Literal["title", "channel", "tags", "description", "transcript"]
    text: str
    parts: list[MatchPartOut]
    seconds: float | None


class ListedVideoOut(VideoOut):
    """matches: of a search; without one there are none."""

    matches: list[MatchOut]


class VideoListOut(Schema):
    """total: of all pages. A search counts and sorts 1,000 at most: hits in titles first, then the newest."""

    items: list[ListedVideoOut]
    next: str | None
    previous: str | None
    total: int
