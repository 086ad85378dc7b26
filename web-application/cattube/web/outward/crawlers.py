"""robots.txt: what crawlers need not read."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cattube.web.origins import own_origin

CACHE_SECONDS = 3600
# Forms, one's own lists, and searches, of which there are endlessly many. A page that is not to be found
# says so itself.
CLOSED = (
    *("/admin/", "/api/", "/login/", "/logout/", "/signup/", "/reset/", "/settings/", "/upload/", "/trash/"),
    *("/following/", "/later/", "/history/", "/notifications/", "/?", "/feeds/search.xml"),
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    text = f"User-agent: *\n{closed}\nSitemap: {own_origin(request)}{reverse('sitemap')}\n"
    headers = {"Cache-Control": f"public, max-age={CACHE_SECONDS}"}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)
