"""Variables of every page's template."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from cattube.version import VERSION

THEMES = {"light", "dark"}


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_name`, `sign_up_open`, `version`, and `theme`: "light", "dark" or "" (as the system has it)."""
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": settings.SITE_NAME,
        "sign_up_open": settings.SIGN_UP_OPEN,
        "theme": theme if theme in THEMES else "",
        "version": VERSION,
    }
