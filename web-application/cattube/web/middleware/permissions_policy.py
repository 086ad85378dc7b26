"""The Permissions-Policy header."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PermissionsPolicyMiddleware:
    """Allow camera, microphone and screen to our own pages, which record videos, and to nobody else."""

    VALUE = "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.VALUE)
        return response
