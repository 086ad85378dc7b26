"""The live stream of an assembly, at the update_stream_url of its status."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from flask import Blueprint, Response, request

from cattube_worker.assemblies.create import ASSEMBLY_ID
from cattube_worker.engine import Engine
from cattube_worker.errors import AssemblyError, BadRequest, TryLater
from cattube_worker.protocol.events import KEEP_ALIVE, EventStream
from cattube_worker.routes import current_engine

blueprint = Blueprint("events", __name__)
LOOK_SECONDS = 1.0
# Files that are stored one after the other are told of together: each look takes time from storing the next.
TOGETHER_SECONDS = 0.05
KEEP_ALIVE_SECONDS = 15.0
# A page that watches longer asks anew; a stream whose client vanished without a word ends with it.
LONGEST_SECONDS = 3600.0


@blueprint.get("/events")
def stream_events() -> Response:
    engine, assembly_id = current_engine(), request.args.get("assembly", "")
    if not ASSEMBLY_ID.fullmatch(assembly_id):
        raise BadRequest("Name the assembly: ?assembly=<32 hex digits>.")
    first = engine.status(assembly_id)
    if not engine.stream_slots.acquire(blocking=False):
        # EventSource gives up on this answer, and Uppy goes on polling: nothing is lost.
        raise TryLater("Too many pages watch at the same time. Ask for the status instead.")
    body = _Seated(engine, _events(engine, assembly_id, EventStream(wants_progress=_wants_progress(first))))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(body, mimetype="text/event-stream", headers=headers)


class _Seated:
    """A stream that frees its place when the server is done with it, begun or not."""

    def __init__(self, engine: Engine, events: Iterator[str]) -> None:
        self._engine, self._events = engine, events
        self._is_open = True

    def __iter__(self) -> Iterator[str]:
        return self._events

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self._engine.stream_slots.release()


def _events(engine: Engine, assembly_id: str, stream: EventStream) -> Iterator[str]:
    started = spoke = time.monotonic()
    yield "retry: 2000\n\n"
    with engine.changes.watch(assembly_id) as watch:
        while not engine.changes.is_closed and time.monotonic() - started < LONGEST_SECONDS:
            try:
                news = "".join(stream.events(engine.status(assembly_id)))
            except AssemblyError:
                news = ""  # The database is busy: the next look will do.
            if news:
                yield news
            if stream.is_over:
                return
            if news:
                time.sleep(TOGETHER_SECONDS)
            if not news and time.monotonic() - spoke > KEEP_ALIVE_SECONDS:
                yield KEEP_ALIVE
                spoke = time.monotonic()
            watch.wait(LOOK_SECONDS)


def _wants_progress(status: dict[str, object]) -> bool:
    merged = json.loads(str(status["merged_params"]))
    return merged.get("emit_execution_progress") is True
