"""Places for large answers: whoever reads one slowly holds a thread of the server."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cattube.errors import SiteBusy
from cattube.web.error_answers import error_answer
from cattube.web.thread_places import ThreadPlaces, Viewer, viewer_of

# The front takes a smaller one at once, however slowly it is read: `proxy_buffers` and
# `proxy_max_temp_file_size` in deploy/nginx.conf.template.
LARGE_BYTES = 350_000
# Threads that may wait for readers. The others answer everybody else.
MOST = min(4, max(1, settings.WEB_THREADS // 4))

_places = ThreadPlaces(MOST)


class LargeAnswerMiddleware:
    """Let few large answers be on their way at the same time. Files and events are none of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or len(response.content) <= LARGE_BYTES:
            return response
        reader = viewer_of(request)
        if not _places.take(reader):
            response.close()
            return error_answer(SiteBusy())
        _release_when_sent(response, reader)
        return response


def _release_when_sent(response: HttpResponse, reader: Viewer) -> None:
    """Give the place back when the server closes the answer: all of it was sent, or its reader has left."""
    close, is_held = response.close, True

    def close_and_release() -> None:
        nonlocal is_held
        try:
            close()
        finally:
            if is_held:
                is_held = False
                _places.give_back(reader)

    response.close = close_and_release  # type: ignore[method-assign]
