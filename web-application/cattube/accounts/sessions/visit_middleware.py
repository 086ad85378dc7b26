"""Middleware that records where people come from."""

from collections.abc import Callable
from contextlib import suppress

from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cattube.accounts.client_address import client_address
from cattube.accounts.sessions.known_browsers import remember_browser
from cattube.accounts.sessions.visits import record_visit

VISIT_SECONDS = 300


class VisitMiddleware:
    """Record from where and when each session was last used, every few minutes, and mark its browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
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
