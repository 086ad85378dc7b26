"""Answers to attempts at passwords, when there are too many."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from cattube.accounts.login.attempts import TooManyAttempts


class TooManyAttemptsMiddleware:
    """Answer 429 with Retry-After, in words, when a page is to hash a password and there is no place."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
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
