"""A video's states as a stream of events, told as they come, until nothing more comes.

A stream holds one of the server's threads. So there are never more than half as many as threads, none lasts
long, and whoever gets no place asks by polling instead.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore, Event
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import StreamingHttpResponse

from cattube.errors import NotFound, SiteError

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
# After that the browser connects anew by itself, and its permission is looked at anew.
LONGEST_SECONDS = 60.0
RETRY = "retry: 1000\n\n"
KEEP_ALIVE = ": still here\n\n"

seats = BoundedSemaphore(max(1, settings.WEB_THREADS // 2))
server_stops = Event()


class NoSeat(SiteError):
    code, status, retry_after_seconds = "TOO_MANY_STREAMS", 503, 5

    def __init__(self) -> None:
        super().__init__("Too many pages watch at the same time. Ask for the video instead.")


def event_stream(look: Callable[[], dict[str, Any]]) -> StreamingHttpResponse:
    """The answer that tells what `look` sees: a document each time it differs. Raises NoSeat.

    look: the API's Video; may raise NotFound, which ends the stream, and OperationalError.
    """
    if not seats.acquire(blocking=False):
        raise NoSeat
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(_Seated(events(look)), content_type="text/event-stream", headers=headers)


class _Seated:
    """Events that free their seat when the server is done with them, begun or not."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self._is_open = True

    def __iter__(self) -> Iterator[str]:
        return self._texts

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            seats.release()


def events(look: Callable[[], dict[str, Any]]) -> Iterator[str]:
    """What `look` sees, as wire text, until it sees an end, the time is over or the server stops."""
    ends_at = time.monotonic() + LONGEST_SECONDS
    told = None
    yield RETRY
    while not server_stops.is_set() and time.monotonic() < ends_at:
        try:
            seen = look()
        except NotFound:
            return
        except OperationalError as error:
            log.warning("The database is busy, a stream waits: %s", error)
        else:
            # Something is said at every look: only so does the server notice that nobody listens any more.
            yield KEEP_ALIVE if seen == told else f"data: {json.dumps(seen)}\n\n"
            told = seen
            if seen["phase"] is None:
                return
        server_stops.wait(LOOK_SECONDS)
