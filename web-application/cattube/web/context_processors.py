"""Variables of every page's template."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from cattube.version import VERSION
from cattube.web.pages.came_from import again_url

THEMES = {"light", "dark"}


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_name`, `sign_up_open`, `version`, `login_url`, `again_url`, and `theme`.

    login_url: of the page to log in, which leads back to this one. again_url: this page once more, or the one
    with the form that was sent here. theme: "light", "dark" or "" (as the system has it).
    """
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": settings.SITE_NAME,
        "sign_up_open": settings.SIGN_UP_OPEN,
        "theme": theme if theme in THEMES else "",
        "version": VERSION,
        "login_url": _login_url(request),
        "again_url": again_url(request),
    }


def _login_url(request: HttpRequest) -> str:
    page, back = reverse("account_login"), again_url(request)
    # Login leads home by itself.
    return page if back == reverse("library") else f"{page}?{urlencode({'next': back}, safe='/')}"
