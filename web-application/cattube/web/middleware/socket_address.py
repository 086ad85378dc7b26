"""The address of the client behind a socket."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class SocketAddressMiddleware:
    """Take the client's address from X-Real-IP where only the front can send it: on WEB_SOCKET."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        named = request.META.pop("HTTP_X_REAL_IP", "")
        if settings.WEB_SOCKET and not request.META.get("REMOTE_ADDR"):
            request.META["REMOTE_ADDR"] = named
        return self.get_response(request)
