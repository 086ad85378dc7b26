"""API of the list of videos, narrowed, sorted and searched."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from ninja.responses import Status as Answer

from cattube.search.listing.filters import Filters
from cattube.search.listing.library import library_page
from cattube.search.listing.orders import order_of
from cattube.search.matches import Match
from cattube.search.query import parse
from cattube.web.api.auth import NEEDS_READ_OR_NOBODY
from cattube.web.api.schemas import ErrorOut
from cattube.web.api.videos.list_schemas import VideoListIn, VideoListOut
from cattube.web.origins import own_origin
from cattube.web.presentation import videos_json

router = Router(tags=["videos"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404}): ErrorOut}


@router.get(
    "/videos", response={200: VideoListOut, **ERRORS}, auth=NEEDS_READ_OR_NOBODY, url_name="list_videos"
)
def list_videos(request: HttpRequest, filters: Query[VideoListIn]) -> Answer[dict[str, Any]]:
    """Your own videos and everybody's public ones. `q` searches titles, texts, tags, people and speech.

    `order` is newest, oldest, title, longest, shortest, or relevance, which a search has by default.
    """
    narrowed = _filters(filters)
    page = library_page(
        request.user,
        narrowed,
        order=order_of(filters.order, narrowed),
        cursor=filters.cursor,
        limit=filters.limit,
    )
    documents = videos_json(page.videos, request, site=own_origin(request))
    items = [
        {**document, "matches": list(map(_match, page.matches.get(document["id"], [])))}
        for document in documents
    ]
    return Answer(200, {"items": items, "next": page.next, "previous": page.previous, "total": page.total})


def _filters(given: VideoListIn) -> Filters:
    return Filters(
        query=parse(given.q),
        place=given.place,
        channel=given.channel,
        tag=given.tag,
        status=given.status,
        visibility=given.visibility,
        longer=given.longer,
        shorter=given.shorter,
        after=given.after,
        before=given.before,
    )


def _match(match: Match) -> dict[str, Any]:
    parts = [{"text": part.text, "is_hit": part.is_hit} for part in match.parts]
    return {"field": match.field, "text": match.text, "parts": parts, "seconds": match.seconds}
