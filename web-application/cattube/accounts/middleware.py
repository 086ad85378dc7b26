"""Middleware: headers of a proxy that the site was not told to trust, and where people come from."""

import logging
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from cattube.accounts.client_address import client_address
from cattube.accounts.models import ProxySighting
from cattube.accounts.sessions.known_browsers import remember_browser
from cattube.accounts.sessions.visits import record_visit

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase]
FORWARDED_HEADERS = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded")
SIGHTING_SECONDS = 3600
VISIT_SECONDS = 300


class ProxySightingMiddleware:
    """Record that a proxy's headers arrive while TRUST_PROXY is not set; `manage.py doctor` tells it.

    Only from loopback and private addresses: from elsewhere a client may have made them up.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.TRUST_PROXY:
            header = next((name for name in FORWARDED_HEADERS if name in request.headers), None)
            if header and _is_near(request.META.get("REMOTE_ADDR", "")):
                _record(header, request.META["REMOTE_ADDR"])
        return self.get_response(request)


class VisitMiddleware:
    """Record from where and when each session was last used, every few minutes, and mark its browser."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if _is_session_of_user(request):
            address = client_address(request)
            key = f"visit:{request.session.session_key}:{address}"
            if cache.add(key, True, VISIT_SECONDS):
                with suppress(OperationalError):  # a reader must not fail because a writer is busy
                    record_visit(request, address)
                remember_browser(request, response)
        return response


def _is_session_of_user(request: HttpRequest) -> bool:
    """True when the person of the request is that of its session: a token may have made it another's."""
    session = request.session
    # `accessed`: a page that did not ask who is there need not look it up.
    if not session.accessed or not session.session_key or SESSION_KEY not in session:
        return False
    return bool(session[SESSION_KEY] == str(request.user.pk))


def _is_near(address: str) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return ip.is_loopback or ip.is_private


def _record(header: str, address: str) -> None:
    if cache.add("proxy-sighting", True, SIGHTING_SECONDS):
        with suppress(OperationalError):
            sighting = {"header": header, "address": address[:45], "seen_at": timezone.now()}
            ProxySighting.objects.update_or_create(pk=1, defaults=sighting)
