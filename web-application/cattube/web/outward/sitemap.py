"""Sitemaps: the addresses of all public videos, and of the channels that have some, for search engines.

Source: sitemaps.org, "Sitemaps XML format".
"""

from collections.abc import Callable, Iterable, Mapping
from math import ceil
from xml.sax.saxutils import escape

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cattube.channels.models import Channel
from cattube.videos.access import listed
from cattube.videos.models import Video
from cattube.web.origins import own_origin
from cattube.web.outward.link_preview import GUEST

CACHE_SECONDS = 600
# Fewer than sitemaps.org allows, so that each is answered at once.
ADDRESSES_PER_FILE = 5000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _videos() -> QuerySet[Video, str]:
    """Ids, the oldest first: what is new changes the last file alone."""
    return Video.objects.filter(listed(GUEST)).order_by("uploaded_at", "pk").values_list("pk", flat=True)


def _channels() -> QuerySet[Channel, str]:
    """Names of channels in which guests find something."""
    something = Video.objects.filter(listed(GUEST), owner_id=OuterRef("owner_id"))
    return Channel.objects.filter(Exists(something)).order_by("pk").values_list("name", flat=True)


# By the name in the address: the rows, and the page of each.
KINDS: Mapping[str, tuple[Callable[[], QuerySet[Video, str] | QuerySet[Channel, str]], str]] = {
    "videos": (_videos, "watch"),
    "channels": (_channels, "channel"),
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of all sitemaps."""
    site = own_origin(request)
    files = [
        reverse("sitemap_part", args=[kind, number])
        for kind, (rows, _) in KINDS.items()
        for number in range(1, ceil(rows().count() / ADDRESSES_PER_FILE) + 1)
    ]
    return _document("sitemapindex", "sitemap", (site + file for file in files))


@require_safe
def sitemap_part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """One sitemap. number: from 1."""
    rows, page = KINDS.get(kind, (None, ""))
    first = (number - 1) * ADDRESSES_PER_FILE
    # Beyond that no database counts, and no site has as many.
    if rows is None or not 0 <= first < 10**9:
        raise Http404("There is no such sitemap.")
    site, names = own_origin(request), rows()[first : first + ADDRESSES_PER_FILE]
    return _document("urlset", "url", (site + reverse(page, args=[name]) for name in names))


def _document(root: str, element: str, addresses: Iterable[str]) -> HttpResponse:
    lines = "".join(f"<{element}><loc>{escape(address)}</loc></{element}>\n" for address in addresses)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n{lines}</{root}>\n'
    headers = {"Cache-Control": f"public, max-age={CACHE_SECONDS}"}
    return HttpResponse(text, content_type="application/xml; charset=utf-8", headers=headers)
