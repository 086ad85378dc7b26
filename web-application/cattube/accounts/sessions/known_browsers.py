"""Browsers in which a person has been logged in: a signed cookie, kept over logout.

Where many share one address, guesses of a neighbour would slow the owner down too. A browser that the owner
has used before has a count of its own.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

SALT = "cattube.accounts.known_browsers"
LIFETIME = timedelta(days=365)


def known_browser(request: HttpRequest, name: str) -> str:
    """Id of this browser if the owner of the account `name` has used it; "" else."""
    owner, browser = _read(request)
    if not owner or "\x00" in name:
        return ""
    is_owner = User.objects.filter(pk=owner, username__iexact=name.strip()).exists()
    return f"browser {browser}" if is_owner else ""


def remember_browser(request: HttpRequest, response: HttpResponseBase) -> None:
    """Have the browser remember that whoever is logged in has used it."""
    if _read(request)[0] == request.user.pk:
        return
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps([request.user.pk, secrets.token_urlsafe(16)], salt=SALT),
        max_age=LIFETIME,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[int, str]:
    """Key of the owner, and id of the browser; 0 and "" without a cookie of ours."""
    cookie = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        owner, browser = signing.loads(cookie, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return 0, ""
    return int(owner), str(browser)
