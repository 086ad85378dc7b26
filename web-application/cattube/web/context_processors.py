"""Variables of every page's template."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from cattube.version import VERSION

THEMES = {"light", "dark"}


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_name`, `sign_up_open`, `version`, `login_url`, and `theme`.

    login_url: of the page to log in, which leads back to this one. theme: "light", "dark" or "" (as the
    system has it).
    """
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": settings.SITE_NAME,
        "sign_up_open": settings.SIGN_UP_OPEN,
        "theme": theme if theme in THEMES else "",
        "version": VERSION,
        "login_url": _login_url(request),
    }


def _login_url(request: HttpRequest) -> str:
    page = reverse("account_login")
    # Login leads home by itself, and an address that takes forms alone is no page to come back to.
    if request.method not in ("GET", "HEAD") or request.get_full_path() == reverse("library"):
        return page
    return f"{page}?{urlencode({'next': request.get_full_path()}, safe='/')}"
