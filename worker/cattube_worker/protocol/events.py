"""The event stream of an assembly, as Uppy's Transloadit plugin reads it.

Uppy stops polling once the stream is open, and never makes up what it missed. So a stream does not pass on
events: it compares what the client was told with what is true, and tells the rest. Whoever connects anew is
told everything again, the end included.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

KEEP_ALIVE = ": still here\n\n"
ENDED_BADLY = frozenset({"ASSEMBLY_CANCELED", "REQUEST_ABORTED"})


class EventStream:
    """What one client still has to be told about one assembly."""

    def __init__(self, *, wants_progress: bool) -> None:
        self._told: set[str] = set()
        self._wants_progress = wants_progress
        self._progress: object = None
        self._number = 0

    def news(self, status: Mapping[str, Any]) -> Iterator[str]:
        """The events, as wire text, that bring a client up to `status`. The order is Transloadit's."""
        if status["execution_start"] is not None:
            yield from self._once("uploading", None, "assembly_uploading_finished")
        for upload in status["uploads"]:
            yield from self._once(f"upload {upload['id']}", "assembly_upload_finished", upload)
        if status["upload_meta_data_extracted"]:
            yield from self._once("meta", None, "assembly_upload_meta_data_extracted")
        for step, results in status["results"].items():
            for result in results:
                yield from self._once(f"result {result['id']}", "assembly_result_finished", [step, result])
        yield from self._progress_news(status)
        if status.get("ok") == "ASSEMBLY_COMPLETED":
            yield from self._once("end", None, "assembly_finished")
        elif "error" in status or status.get("ok") in ENDED_BADLY:
            yield from self._once("end", "assembly_error", _as_error(status))

    @property
    def is_over(self) -> bool:
        """Whether the client was told the end."""
        return "end" in self._told

    def _progress_news(self, status: Mapping[str, Any]) -> Iterator[str]:
        progress = status.get("progress_combined")
        if not self._wants_progress or progress is None or progress == self._progress:
            return
        self._progress = progress
        each = [{"original_id": upload["id"], "progress": progress} for upload in status["uploads"]]
        document = {"progress_combined": progress, "progress_per_original_file": each}
        yield self._write("assembly_execution_progress", document)

    def _once(self, key: str, event: str | None, data: Any) -> Iterator[str]:
        if key not in self._told:
            self._told.add(key)
            yield self._write(event, data)

    def _write(self, event: str | None, data: Any) -> str:
        self._number += 1
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        name = f"event: {event}\n" if event else ""
        return f"id: {self._number}\n{name}data: {text}\n\n"


def _as_error(status: Mapping[str, Any]) -> dict[str, Any]:
    """The status as an error; a cancelled assembly has none of its own, and Uppy would wait for ever."""
    return {"error": status.get("ok"), **status}
