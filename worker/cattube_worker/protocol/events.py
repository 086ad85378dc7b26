"""The event stream of an assembly, as Uppy's Transloadit plugin reads it.

Uppy stops polling once the stream is open, and never asks for what it missed. So a stream does not pass
events on: it compares the status with what it has sent, and sends the rest. A client that connects anew gets
all events again, the end included.

A cancelled assembly has an end of its own, since Uppy shows every error as "Upload failed". A page that
cancels by itself gets no event: Uppy 4 to 6 keep the stream open, and would show the error. Neither does one
that still uploads: its next bytes are refused, and say why. Only a page that waits for the results of an
assembly which somebody else cancelled gets an error: it would wait for ever.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

KEEP_ALIVE = ": still here\n\n"
ABORTED = frozenset({"ASSEMBLY_CANCELED", "REQUEST_ABORTED"})


class EventStream:
    """Events of one assembly for one client, each sent once.

    is_canceled_by_page: tells of a cancelled assembly whether the page did it that uploaded to it.
    """

    def __init__(self, *, wants_progress: bool, is_canceled_by_page: Callable[[], bool]) -> None:
        self._sent: set[str] = set()
        self._wants_progress = wants_progress
        self._is_canceled_by_page = is_canceled_by_page
        self._progress: object = None
        self._number = 0

    def events(self, status: Mapping[str, Any]) -> Iterator[str]:
        """Events not sent yet that lead up to `status`, as wire text. The order is Transloadit's."""
        if status["execution_start"] is not None:
            yield from self._once("uploading", None, "assembly_uploading_finished")
        for upload in _probed(status):
            yield from self._once(f"upload {upload['id']}", "assembly_upload_finished", upload)
        if status["upload_meta_data_extracted"]:
            yield from self._once("meta", None, "assembly_upload_meta_data_extracted")
        for step, results in status["results"].items():
            for result in results:
                yield from self._once(f"result {result['id']}", "assembly_result_finished", [step, result])
        yield from self._progress_event(status)
        yield from self._end_event(status)

    def ends_without_a_word(self, status: Mapping[str, Any]) -> bool:
        """True when the assembly was cancelled and its page either did that or finds it out by itself."""
        if status.get("ok") not in ABORTED:
            return False
        return status["execution_start"] is None or self._is_canceled_by_page()

    @property
    def is_over(self) -> bool:
        """True when the last event was sent."""
        return "end" in self._sent

    def _end_event(self, status: Mapping[str, Any]) -> Iterator[str]:
        if status.get("ok") == "ASSEMBLY_COMPLETED":
            yield from self._once("end", None, "assembly_finished")
        elif self.ends_without_a_word(status):
            self._sent.add("end")
        elif "error" in status or status.get("ok") in ABORTED:
            yield from self._once("end", "assembly_error", _as_error(status))

    def _progress_event(self, status: Mapping[str, Any]) -> Iterator[str]:
        progress = status.get("progress_combined")
        if not self._wants_progress or progress is None or progress == self._progress:
            return
        self._progress = progress
        files = [{"original_id": upload["id"], "progress": progress} for upload in _probed(status)]
        document = {"progress_combined": progress, "progress_per_original_file": files}
        yield self._write("assembly_execution_progress", document)

    def _once(self, key: str, event: str | None, data: Any) -> Iterator[str]:
        if key not in self._sent:
            self._sent.add(key)
            yield self._write(event, data)

    def _write(self, event: str | None, data: Any) -> str:
        self._number += 1
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        name = f"event: {event}\n" if event else ""
        return f"id: {self._number}\n{name}data: {text}\n\n"


def _probed(status: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Uploads of which all is known; a file of a form is listed before."""
    return [upload for upload in status["uploads"] if upload["md5hash"] is not None]


def _as_error(status: Mapping[str, Any]) -> dict[str, Any]:
    """The status with an "error", which a cancelled assembly lacks: Uppy would wait for it for ever."""
    return {"error": status.get("ok"), **status}
