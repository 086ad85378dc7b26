"""Links between the pages of a list: what `parts/list/pagination.html` shows."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.http import HttpRequest


def page_links(request: HttpRequest, page: Page[Any]) -> dict[str, str | None]:
    """previous_url, next_url: this address with another `page`; None at an end of the list."""
    return {
        "previous_url": _url(request, page.previous_page_number()) if page.has_previous() else None,
        "next_url": _url(request, page.next_page_number()) if page.has_next() else None,
    }


def links_from_newest(request: HttpRequest, *, cursor: str, following: str | None) -> dict[str, str | None]:
    """newest_url, next_url of a list that `page_before` gives, which knows only the way on.

    cursor: of this page, "" for the first. following: that of the next one.
    """
    return {
        "newest_url": request.path if cursor else None,
        "next_url": f"?{urlencode({'cursor': following})}" if following else None,
    }


def _url(request: HttpRequest, number: int) -> str:
    address = request.GET.copy()
    address["page"] = str(number)
    return f"?{address.urlencode()}"
