"""Response headers that differ from the rest of the site."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_exempt

from cattube.web.origins import upload_origins

View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


class PermissionsPolicyMiddleware:
    """Camera, microphone and screen for our own pages (recording a video), nothing for anyone else."""

    VALUE = "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.VALUE)
        return response


def may_reach_engine(view: View) -> View:
    """Let the page send bytes to the engine, or to the bucket, and show what it answers."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        origins = upload_origins(request)
        response._csp_update = {"connect-src": origins, "media-src": origins, "img-src": origins}  # type: ignore[attr-defined]
        return response

    return wrapped


def allow_media(response: HttpResponse, origins: list[str]) -> HttpResponse:
    """The page that `response` is may play files and streams from these origins too."""
    response._csp_update = {"media-src": origins, "connect-src": origins}  # type: ignore[attr-defined]
    return response


def may_be_framed(view: View) -> View:
    """Let other sites show the page inside theirs."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response._csp_replace = {"frame-ancestors": ["*"]}  # type: ignore[attr-defined]
        return response

    return xframe_options_exempt(wrapped)
