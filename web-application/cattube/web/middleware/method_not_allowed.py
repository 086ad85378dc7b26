"""Answers to methods that an address does not have."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from cattube.web.error_pages import with_words


class MethodNotAllowedMiddleware:
    """Answer 405 with words: Django's is empty, and a browser shows nothing at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        return with_words(request, response) if isinstance(response, HttpResponseNotAllowed) else response
