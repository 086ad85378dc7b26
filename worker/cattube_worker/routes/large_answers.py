"""Places for large answers: whoever reads one slowly holds a thread of the engine."""

from __future__ import annotations

import threading

from flask import Flask, Response, request

from cattube_worker.errors import RateLimited
from cattube_worker.execution.slots import Slots
from cattube_worker.routes import errors
from cattube_worker.routes.requests.client_address import own_network

# The front takes a smaller one at once, however slowly it is read: `proxy_buffers` and
# `proxy_max_temp_file_size` in deploy/nginx.conf.template.
LARGE_BYTES = 350_000
# Threads that may wait for readers, and the share of one network. The others answer everybody else.
MOST, SHARE = 16, 1 / 4
RETRY_SECONDS = 2


def register(app: Flask) -> None:
    """Let few large answers be on their way at the same time. Files and events are none of them."""
    places = Slots(MOST, share=SHARE)

    def with_place(response: Response) -> Response:
        if not _is_large(response):
            return response
        network = own_network()
        holders = () if network is None else (network,)
        if not places.take(holders):
            response.close()
            return _refusal()
        _give_back_when_sent(response, places, holders)
        return response

    app.after_request(with_place)


def _is_large(response: Response) -> bool:
    if request.method == "HEAD" or not response.is_sequence or response.direct_passthrough:
        return False
    return (response.calculate_content_length() or 0) > LARGE_BYTES


def _refusal() -> Response:
    """The answer to one too many. 429: Uppy gives an upload up at any 5xx to a poll (W22)."""
    return errors.answer(
        RateLimited(
            "Too many large answers are being read at the moment. Ask again in a few seconds.",
            details={"info": {"retryIn": RETRY_SECONDS}},
        )
    )


def _give_back_when_sent(response: Response, places: Slots, holders: tuple[str, ...]) -> None:
    """Give the place back when the server closes the answer: all of it was sent, or its reader has left."""
    held = threading.Semaphore()

    @response.call_on_close
    def give_back() -> None:
        if held.acquire(blocking=False):  # An answer may be closed twice.
            places.give_back(holders)
