"""Content security policies that differ from the rest of the site."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from csp.decorators import csp_replace, csp_update
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt

from cattube.web.origins import upload_origins

View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


def allow_uploads(view: View) -> View:
    """Let the page send bytes to the engine, or to the bucket, and show what it answers."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        origins = upload_origins(request)
        directives = {"connect-src": origins, "media-src": origins, "img-src": origins}
        return _decorated(csp_update(directives), request, response)

    return wrapped


def allow_media(request: HttpRequest, response: HttpResponse, origins: list[str]) -> HttpResponse:
    """Let the page in `response` play files and streams from these origins too."""
    return _decorated(csp_update({"media-src": origins, "connect-src": origins}), request, response)


def allow_framing(view: View) -> View:
    """Let other sites show the page inside theirs."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        return _decorated(csp_replace({"frame-ancestors": ["*"]}), request, response)

    return xframe_options_exempt(wrapped)


def _decorated(decorator: Callable[..., Any], request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Response after a decorator of django-csp. Applied here, its directives may depend on the request."""
    decorated: HttpResponse = decorator(lambda _: response)(request)
    return decorated
