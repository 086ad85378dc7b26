"""What a watching page is told, however often it has to connect anew."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cattube_worker.protocol.events import EventStream

UPLOADING: dict[str, Any] = {
    "ok": "ASSEMBLY_UPLOADING", "execution_start": None, "uploads": [], "results": {},
    "upload_meta_data_extracted": False,
}  # fmt: skip
EXECUTING: dict[str, Any] = {
    "ok": "ASSEMBLY_EXECUTING", "execution_start": "now", "uploads": [{"id": "u"}], "results": {},
    "upload_meta_data_extracted": True, "progress_combined": 40,
}  # fmt: skip
COMPLETED: dict[str, Any] = {
    **{name: value for name, value in EXECUTING.items() if name != "progress_combined"},
    "ok": "ASSEMBLY_COMPLETED", "results": {"small": [{"id": "r"}]},
}  # fmt: skip


def told(stream: EventStream, status: dict[str, Any]) -> list[str]:
    """Each event as its name, or its text when it has none."""
    events = []
    for event in stream.events(status):
        assert event.endswith("\n\n")
        lines = dict(line.split(": ", 1) for line in event.strip().split("\n"))
        events.append(lines.get("event", lines["data"]))
    return events


def test_page_is_told_each_thing_once_and_in_order() -> None:
    stream = EventStream(wants_progress=False)

    assert told(stream, UPLOADING) == []
    assert told(stream, EXECUTING) == [
        "assembly_uploading_finished",
        "assembly_upload_finished",
        "assembly_upload_meta_data_extracted",
    ]
    assert told(stream, EXECUTING) == []
    assert told(stream, COMPLETED) == ["assembly_result_finished", "assembly_finished"]
    assert stream.is_over


def test_page_that_connects_anew_is_told_everything_again() -> None:
    """W22"""
    assert told(EventStream(wants_progress=False), COMPLETED) == [
        "assembly_uploading_finished",
        "assembly_upload_finished",
        "assembly_upload_meta_data_extracted",
        "assembly_result_finished",
        "assembly_finished",
    ]


@pytest.mark.parametrize(
    "end",
    [{"error": "INVALID_INPUT_ERROR", "message": "No."}, {"ok": "ASSEMBLY_CANCELED", "message": "Off."}],
)
def test_bad_end_is_told_as_an_error(end: dict[str, str]) -> None:
    """W22"""
    status = {**{name: value for name, value in UPLOADING.items() if name != "ok"}, **end}
    stream = EventStream(wants_progress=False)

    event = list(stream.events(status))[-1]

    assert "event: assembly_error\n" in event
    assert json.loads(event.split("data: ")[1])["error"] == end.get("error", end.get("ok"))
    assert stream.is_over


def test_progress_is_told_only_to_those_who_asked_and_only_when_it_changes() -> None:
    stream = EventStream(wants_progress=True)

    assert told(stream, EXECUTING)[-1] == "assembly_execution_progress"
    assert told(stream, EXECUTING) == []
    assert told(stream, {**EXECUTING, "progress_combined": 41}) == ["assembly_execution_progress"]


def test_name_with_a_line_break_forges_no_event() -> None:
    status = {**EXECUTING, "uploads": [{"id": "u", "name": "a\n\nevent: assembly_finished\ndata: x"}]}

    assert "assembly_finished" not in told(EventStream(wants_progress=False), status)
