"""Middleware: the client behind a socket, answers for a busy site, the Permissions-Policy header."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from cattube.accounts.login.attempts import TooManyAttempts
from cattube.errors import SiteBusy
from cattube.web.error_answers import error_answer

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class SocketAddressMiddleware:
    """Take the client's address from X-Real-IP where only the front can send it: on WEB_SOCKET."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        named = request.META.pop("HTTP_X_REAL_IP", "")
        if settings.WEB_SOCKET and not request.META.get("REMOTE_ADDR"):
            request.META["REMOTE_ADDR"] = named
        return self.get_response(request)


class DatabaseBusyMiddleware:
    """Answer 503 with Retry-After, and not an error page, when the database could not be used in time."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError):
            return None
        log.error("The database could not be used for %s: %s", request.path, exception)
        return error_answer(SiteBusy())


class TooManyAttemptsMiddleware:
    """Answer 429 with Retry-After, in words, when a page is to hash a password and there is no place."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooManyAttempts):
            return None
        headers = {"Retry-After": str(exception.retry_after_seconds)}
        context = {"message": str(exception)}
        return HttpResponse(
            render_to_string("429.html", context, request), status=exception.status, headers=headers
        )


class PermissionsPolicyMiddleware:
    """Allow camera, microphone and screen to our own pages, which record videos, and to nobody else."""

    VALUE = "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.VALUE)
        return response
