"""States of a video as a stream of server-sent events, until nothing more comes.

A stream holds one of the server's threads. So there are at most half as many as threads, of which one viewer
gets a share, none lasts long, and a client that gets none polls instead.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from cattube.errors import NotFound, SiteError
from cattube.web.thread_places import ThreadPlaces, Viewer

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
# While there is nothing to watch, and somebody sits before the page; the second when it can be a moment only.
UNWATCHABLE_POLL_SECONDS, BEGINNING_POLL_SECONDS = 0.25, 0.1
# After that the browser connects anew by itself, and its permission is checked anew.
LONGEST_SECONDS = 60.0
EVENTS = "text/event-stream"
RETRY = "retry: 1000\n\n"
KEEP_ALIVE = ": still here\n\n"

places = ThreadPlaces(max(1, settings.WEB_THREADS // 2))
server_stops = Event()


@dataclass(frozen=True)
class Reading:
    """A video as it is now. document: the API's Video. may_get_live_preview: in the next moment."""

    document: dict[str, Any]
    may_get_live_preview: bool = False


class TooManyStreams(SiteError):
    code, status, retry_after_seconds = "TOO_MANY_STREAMS", 503, 5

    def __init__(self) -> None:
        super().__init__("Too many pages watch at the same time. Ask for the video instead.")


def event_stream(read_video: Callable[[], Reading], viewer: Viewer) -> HttpResponseBase:
    """Answer that sends the document of `read_video` each time it differs. Raises TooManyStreams.

    read_video: may raise OperationalError, and NotFound, which ends the stream.
    """
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    video = read_video().document
    if _is_last(video):
        # Of which nothing more comes: it needs no place.
        return HttpResponse(RETRY + _event(video), content_type=EVENTS, headers=headers)
    if not places.take(viewer):
        raise TooManyStreams
    return StreamingHttpResponse(
        _PlaceHolder(events(read_video), viewer), content_type=EVENTS, headers=headers
    )


class _PlaceHolder:
    """Events that give their place back when the server is done with them, begun or not."""

    def __init__(self, texts: Iterator[str], viewer: Viewer) -> None:
        self._texts, self._viewer = texts, viewer
        self._is_open = True

    def __iter__(self) -> Iterator[str]:
        return self._texts

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            places.give_back(self._viewer)


def events(read_video: Callable[[], Reading]) -> Iterator[str]:
    """Wire text of the events, until the video has ended, the time is over or the server stops."""
    ends_at = time.monotonic() + LONGEST_SECONDS
    reading: Reading | None = None
    yield RETRY
    while not server_stops.is_set() and time.monotonic() < ends_at:
        sent = reading
        try:
            reading = read_video()
        except NotFound:
            return
        except OperationalError as error:
            log.warning("The database is busy, a stream waits: %s", error)
        else:
            # Something is sent every time: only so does the server notice that the client is gone.
            is_told = sent is not None and sent.document == reading.document
            yield KEEP_ALIVE if is_told else _event(reading.document)
            if _is_last(reading.document):
                return
        server_stops.wait(_pause_seconds(reading))


def _pause_seconds(reading: Reading | None) -> float:
    if reading is None or reading.document.get("sources") or reading.document.get("growing"):
        return POLL_SECONDS
    return BEGINNING_POLL_SECONDS if reading.may_get_live_preview else UNWATCHABLE_POLL_SECONDS


def _event(video: dict[str, Any]) -> str:
    return f"data: {json.dumps(video)}\n\n"


def _is_last(video: dict[str, Any]) -> bool:
    return video["phase"] is None
