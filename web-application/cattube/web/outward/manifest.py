"""Web app manifest: how the site looks among the apps of a device.

Source: W3C, "Web Application Manifest".
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

CACHE_SECONDS = 3600
# `--bg` of the light theme, as in the head of every page.
BACKGROUND = "#f9fafc"


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    home, icon = reverse("library"), static("app-icon.png")
    document = {
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "id": home,
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": BACKGROUND,
        "theme_color": BACKGROUND,
        "icons": [
            {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": icon, "sizes": "512x512", "type": "image/png"},
            # Its mark keeps clear of what round masks cut away.
            {"src": icon, "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
    }
    headers = {"Cache-Control": f"public, max-age={CACHE_SECONDS}"}
    return JsonResponse(document, content_type="application/manifest+json", headers=headers)
