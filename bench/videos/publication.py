"""One video through the template, until what people need to watch it lies in the store.

The template goes on with further renditions after that. They are not measured here: the Assembly is canceled
at the end, so that nothing runs beside whatever is measured next.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
from e2e.engine import Engine, signed_form
from e2e.site import ROOT
from servers.procfs import tree

from bench.processes import own

TEMPLATE = ROOT / "contract" / "templates" / "cattube.json"
POLL_SECONDS = 0.02
# What the stream of events says when the encoder is done, and when the Assembly is.
WATERMARKED = 'data: ["watermarked"'
ENDS = ("event: assembly_error", "data: assembly_finished")
UNDER_WAY = ("ASSEMBLY_UPLOADING", "ASSEMBLY_EXECUTING")


@dataclass(frozen=True, kw_only=True)
class Publication:
    """Moments on time.perf_counter(). status: the Assembly's first. keys: of what was stored, by step."""

    status: Mapping[str, Any]
    first_byte: float
    last_byte: float
    stored: float
    keys: Mapping[str, str]


@contextmanager
def published(engine: Engine, source: Path, send: Callable[[str], float]) -> Iterator[Publication]:
    """A video whose first publication lies in the store, as `publish` has it; canceled after the block."""
    publication = publish(engine, source, send)
    try:
        yield publication
    finally:
        cancel(engine, publication.status)


def publish(engine: Engine, source: Path, send: Callable[[str], float]) -> Publication:
    """The first publication of a video, whose Assembly goes on with its ladder.

    send: sends the file to an address and tells the moment of the last byte. Raises RuntimeError when the
    video does not get there; the Assembly has ended then.
    """
    status = engine.create_assembly({"template_id": "cattube"}, expected_files=1)
    address = engine.create_upload(status, source.name, source.stat().st_size)
    with httpx.Client(timeout=None) as client, client.stream("GET", status["update_stream_url"]) as events:
        first_byte = time.perf_counter()
        last_byte = send(address)
        _hear_of_the_video(events)
        keys = _keys_once_stored(client, status["assembly_url"])
        stored = time.perf_counter()
    return Publication(status=status, first_byte=first_byte, last_byte=last_byte, stored=stored, keys=keys)


def cancel(engine: Engine, *statuses: Mapping[str, Any]) -> None:
    """End the Assemblies, and return when nothing runs any more that the engine had started."""
    for status in statuses:
        form = signed_form({}, expected_files=0)  # it may have ended by itself
        httpx.request("DELETE", status["assembly_url"], data=form, timeout=60).raise_for_status()
    while set(tree(engine.pid)) - set(own(engine.pid)):
        time.sleep(POLL_SECONDS)


def _hear_of_the_video(events: httpx.Response) -> None:
    """Wait as a page does, at no cost for the engine: asking all the time would slow the encoder down."""
    for line in events.iter_lines():
        if line.startswith((WATERMARKED, *ENDS)):
            return


def _first_steps() -> set[str]:
    """The steps whose files the template stores first: by steps that may not wait until there is time."""
    steps = json.loads(TEMPLATE.read_text())["steps"].values()
    stores = [step for step in steps if step["robot"].endswith("/store") and step.get("queue") != "batch"]
    return {name for store in stores for name in store["use"]}


def _keys_once_stored(client: httpx.Client, assembly_url: str) -> dict[str, str]:
    awaited = _first_steps()
    while True:
        status = client.get(assembly_url).json()
        stored = {
            step: unquote(urlsplit(results[0]["ssl_url"]).path).removeprefix("/files/")
            for step, results in status.get("results", {}).items()
            if not results[0]["is_temp_url"]
        }
        if stored.keys() >= awaited:
            return stored
        if status.get("ok") not in UNDER_WAY:
            raise RuntimeError(f"the Assembly ended with {status.get('error') or status['ok']}: {stored}")
        time.sleep(POLL_SECONDS)
