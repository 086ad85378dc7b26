"""Answers of a site whose database is busy or away."""

import logging
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cattube.web.error_pages import busy

log = logging.getLogger(__name__)


class DatabaseBusyMiddleware:
    """Answer 503 with Retry-After, and not 500, when the database could not be used in time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError):
            return None
        log.error("The database could not be used for %s: %s", request.path, exception)
        return busy(request)
