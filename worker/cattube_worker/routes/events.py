"""The event stream of an assembly, at the update_stream_url of its status."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import partial

from flask import Blueprint, Response, request

from cattube_worker.assemblies.creation.create import ASSEMBLY_ID
from cattube_worker.errors import AssemblyError, BadRequest, TryLater
from cattube_worker.execution.statuses.statuses import Statuses
from cattube_worker.protocol.events import KEEP_ALIVE, EventStream
from cattube_worker.routes.requests.assembly_access import check_may_read
from cattube_worker.routes.services import service
from cattube_worker.routes.wait_for_status import watching_holders

blueprint = Blueprint("events", __name__)
POLL_SECONDS = 1.0
# Files that are stored one after the other are reported together: each status takes time from the next file.
PAUSE_SECONDS = 0.05
KEEP_ALIVE_SECONDS = 15.0
# A page that watches longer reconnects; this also ends streams whose client vanished without a word.
LONGEST_SECONDS = 3600.0
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@blueprint.get("/events")
def stream_events() -> Response:
    statuses, assembly_id = service(Statuses), request.args.get("assembly", "")
    if not ASSEMBLY_ID.fullmatch(assembly_id):
        raise BadRequest("Name the assembly: ?assembly=<32 hex digits>.")
    snapshot = statuses.snapshot(assembly_id)
    check_may_read(snapshot.assembly)
    status = statuses.view.document(snapshot)
    stream = EventStream(
        wants_progress=_wants_progress(status),
        is_canceled_by_page=partial(statuses.is_canceled_by_page, assembly_id),
    )
    if stream.ends_without_a_word(status):
        return Response(status=204, headers=HEADERS)  # An EventSource does not connect anew after this.
    holders = watching_holders(snapshot.assembly)
    if not statuses.watchers.take(holders):
        # EventSource gives up on this answer, and Uppy goes on polling: nothing is lost.
        raise TryLater("Too many pages watch at the same time. Ask for the status instead.")
    give_back = partial(statuses.watchers.give_back, holders)
    body = _PlaceHolder(_events(statuses, assembly_id, stream), give_back)
    return Response(body, mimetype="text/event-stream", headers=HEADERS)


class _PlaceHolder:
    """A response body that gives its place back when the server is done with it, begun or not."""

    def __init__(self, events: Iterator[str], give_back: Callable[[], None]) -> None:
        self._events, self._give_back = events, give_back
        self._is_open = True

    def __iter__(self) -> Iterator[str]:
        return self._events

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self._give_back()


def _events(statuses: Statuses, assembly_id: str, stream: EventStream) -> Iterator[str]:
    started_at = sent_at = time.monotonic()
    yield "retry: 2000\n\n"
    with statuses.changes.watch(assembly_id) as watch:
        while not statuses.changes.is_closed and time.monotonic() - started_at < LONGEST_SECONDS:
            try:
                news = "".join(stream.events(statuses.document(assembly_id)))
            except AssemblyError:
                news = ""  # The database is busy: the next poll will do.
            if news:
                yield news
            if stream.is_over:
                return
            if news:
                time.sleep(PAUSE_SECONDS)
            if not news and time.monotonic() - sent_at > KEEP_ALIVE_SECONDS:
                yield KEEP_ALIVE
                sent_at = time.monotonic()
            watch.wait(POLL_SECONDS)


def _wants_progress(status: dict[str, object]) -> bool:
    merged = json.loads(str(status["merged_params"]))
    return merged.get("emit_execution_progress") is True
