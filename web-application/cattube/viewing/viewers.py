"""Viewers as views are counted: people by their account, guests by a signed cookie of their browser.

No address is stored. A browser counts only once the page has given it the cookie, some seconds before.
"""

import math
import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from cattube.accounts.client_address import client_address
from cattube.videos.models import Video
from cattube.window_count import count_in_window

SALT = "cattube.viewing.viewers"
LIFETIME = timedelta(days=365)
# Age of a cookie from which on it counts. Pages report a view after five seconds of play, or a third of a
# short video; who plays faster has come before.
LEAST_SECONDS = 3
LEAST_SHARE = 1 / 3
# Guests at one address, say a school, that count for one video in the time of `ADDRESS_SECONDS`. A program
# that throws its cookies away is one of them each time.
MOST_GUESTS_OF_ADDRESS = 100
ADDRESS_SECONDS = 1800


def viewer_of(request: HttpRequest, video: Video) -> str:
    """The viewer as CountedView names it; "" for a browser that came too lately to have watched."""
    if request.user.is_authenticated:
        return f"user {request.user.pk}"
    length = video.duration_seconds or math.inf
    is_new = _browser(request, lifetime=timedelta(seconds=min(LEAST_SECONDS, length * LEAST_SHARE)))
    browser = _browser(request)
    return f"browser {browser}" if browser and not is_new else ""


def remember_guest(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give a guest's browser the cookie by which its views count, unless it has one."""
    if request.user.is_authenticated or _browser(request):
        return
    response.set_cookie(
        settings.VIEWER_COOKIE_NAME,
        signing.dumps(secrets.token_urlsafe(16), salt=SALT),
        max_age=LIFETIME,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def too_many_guests(request: HttpRequest, video_id: str) -> bool:
    """True when the guests of one address have been counted often enough for one video.

    The address is kept for half an hour in memory alone, and as a keyed digest.
    """
    address = salted_hmac(SALT, client_address(request), algorithm="sha256").hexdigest()[:32]
    return count_in_window(f"guests:{video_id}:{address}", ADDRESS_SECONDS) > MOST_GUESTS_OF_ADDRESS


def _browser(request: HttpRequest, *, lifetime: timedelta = LIFETIME) -> str:
    """The browser by a cookie that is no older than `lifetime`; "" without one."""
    cookie = request.COOKIES.get(settings.VIEWER_COOKIE_NAME, "")
    try:
        browser = signing.loads(cookie, salt=SALT, max_age=lifetime)
    except signing.BadSignature:
        return ""
    return browser if isinstance(browser, str) else ""
