"""The library: home of the site, and with words or filters its search. All of its state is in its address."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cattube.errors import InvalidFields
from cattube.search.corrections import corrected
from cattube.search.listing.filters import MOST_HITS
from cattube.search.listing.library import LibraryPage, library_page
from cattube.search.listing.orders import order_of
from cattube.search.matches import Match
from cattube.videos.models import Video
from cattube.viewing.history import seconds_watched
from cattube.web.outward.feed_links import feed_of_library
from cattube.web.pages.library.list_filters import choices, chosen_in, filters_of, narrowing
from cattube.web.pages.library.shelves import shelves_of

VIDEOS_PER_PAGE = 24
# A hit shows where its words stand, and is taller than a card.
HITS_PER_PAGE = 12


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    chosen = chosen_in(request.GET)
    typed = chosen["q"]
    page = _page(request, chosen)
    if not page.videos:
        better = corrected(filters_of(chosen).query, request.user)
        if better is not None:
            chosen |= {"q": better.text}
            page = _page(request, chosen)
    context = _context(request, page, chosen)
    corrected_from = typed if typed != chosen["q"] else ""
    return render(
        request, "videos/library.html", {**context, "query": typed, "corrected_from": corrected_from}
    )


def _page(request: HttpRequest, chosen: Mapping[str, str]) -> LibraryPage:
    cursor = request.GET.get("cursor", "")
    try:
        return _page_at(request, chosen, cursor)
    except InvalidFields:  # an address that somebody changed by hand shows the beginning
        return _page_at(request, chosen, "")


def _page_at(request: HttpRequest, chosen: Mapping[str, str], cursor: str) -> LibraryPage:
    filters = filters_of(chosen)
    order = order_of(chosen["order"], filters)
    return library_page(
        request.user,
        filters,
        order=order,
        cursor=cursor,
        limit=HITS_PER_PAGE if filters.query.terms else VIDEOS_PER_PAGE,
        # Of the whole library the page tells no number.
        most_counted=0 if _is_whole(chosen) else MOST_HITS,
    )


def _context(request: HttpRequest, page: LibraryPage, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Variables of the template. address: of this list, from its beginning. found: words that were found."""
    filters, filters_on = filters_of(chosen), narrowing(chosen)
    order = order_of(chosen["order"], filters)
    return {
        **_of_person(request, page.videos),
        "hits": [_hit(video, page.matches.get(video.pk, [])) for video in page.videos],
        **_page_links(page, chosen),
        "found": filters.query.text,
        "is_whole": _is_whole(chosen),
        "count": None if _is_whole(chosen) else page.total,
        "most_counted": MOST_HITS,
        "narrowing": filters_on,
        "channel": chosen["channel"],
        "tag": chosen["tag"],
        "layout": "list" if request.COOKIES.get("layout") == "list" else "grid",
        "address": _address(chosen),
        "feed": feed_of_library(chosen),
        "choices": choices(
            chosen,
            order=order,
            has_own=request.user.is_authenticated,
            has_words=bool(filters.query.terms),
        ),
    }


def _is_whole(chosen: Mapping[str, str]) -> bool:
    return not narrowing(chosen) and filters_of(chosen).query.is_empty


def _of_person(request: HttpRequest, videos: Sequence[Video]) -> dict[str, Any]:
    """shelves: on the home page alone, which has nothing chosen. watched: positions by id of all videos."""
    if not isinstance(request.user, User):
        return {}
    shelves = [] if request.GET else shelves_of(request.user)
    shown = [*videos, *(video for shelf in shelves for video in shelf.videos)]
    return {"shelves": shelves, "watched": seconds_watched(request.user, shown)}


def _hit(video: Video, matches: Sequence[Match]) -> dict[str, Any]:
    spoken = [match for match in matches if match.field == "transcript"]
    return {"video": video, "matches": matches, "spoken": spoken}


def _page_links(page: LibraryPage, chosen: Mapping[str, str]) -> dict[str, str | None]:
    """Addresses of the pages beside this one, None where there is none, and of the first."""
    return {
        "first_url": _url_at("", chosen),
        "previous_url": _url_at(page.previous, chosen) if page.previous else None,
        "next_url": _url_at(page.next, chosen) if page.next else None,
    }


def _url_at(cursor: str, chosen: Mapping[str, str]) -> str:
    query = _address({**chosen, "cursor": cursor}).urlencode()
    return f"{reverse('library')}?{query}" if query else reverse("library")


def _address(chosen: Mapping[str, str]) -> QueryDict:
    address = QueryDict(mutable=True)
    address.update({name: value for name, value in chosen.items() if value})
    return address
