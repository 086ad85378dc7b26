"""Events that a page gets, however often it connects anew."""

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
    "ok": "ASSEMBLY_EXECUTING", "execution_start": "now", "results": {},
    "uploads": [{"id": "u", "md5hash": "m"}], "upload_meta_data_extracted": True, "progress_combined": 40,
}  # fmt: skip
COMPLETED: dict[str, Any] = {
    **{name: value for name, value in EXECUTING.items() if name != "progress_combined"},
    "ok": "ASSEMBLY_COMPLETED", "results": {"small": [{"id": "r"}]},
}  # fmt: skip


def stream_of_events(*, wants_progress: bool = False, is_canceled_by_page: bool = False) -> EventStream:
    return EventStream(wants_progress=wants_progress, is_canceled_by_page=lambda: is_canceled_by_page)


def sent_events(stream: EventStream, status: dict[str, Any]) -> list[str]:
    """Each event as its name, or as its data when it has none."""
    events = []
    for event in stream.events(status):
        assert event.endswith("\n\n")
        lines = dict(line.split(": ", 1) for line in event.strip().split("\n"))
        events.append(lines.get("event", lines["data"]))
    return events


def test_each_event_is_sent_once_and_in_order() -> None:
    stream = stream_of_events()

    assert sent_events(stream, UPLOADING) == []
    assert sent_events(stream, EXECUTING) == [
        "assembly_uploading_finished",
        "assembly_upload_finished",
        "assembly_upload_meta_data_extracted",
    ]
    assert sent_events(stream, EXECUTING) == []
    assert sent_events(stream, COMPLETED) == ["assembly_result_finished", "assembly_finished"]
    assert stream.is_over


def test_t51_file_of_a_form_is_told_once_it_is_probed() -> None:
    stream, unprobed = stream_of_events(wants_progress=True), {"id": "u", "md5hash": None}

    before = sent_events(stream, {**EXECUTING, "uploads": [unprobed]})
    after = sent_events(stream, EXECUTING)

    assert "assembly_upload_finished" not in before
    assert after == ["assembly_upload_finished"]


def test_page_that_connects_anew_gets_all_events_again() -> None:
    """W22"""
    assert sent_events(stream_of_events(), COMPLETED) == [
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
def test_failed_or_cancelled_assembly_is_sent_as_an_error(end: dict[str, str]) -> None:
    """W22"""
    status = {**{name: value for name, value in EXECUTING.items() if name != "ok"}, **end}
    stream = stream_of_events()

    event = list(stream.events(status))[-1]

    assert "event: assembly_error\n" in event
    assert json.loads(event.split("data: ")[1])["error"] == end.get("error", end.get("ok"))
    assert stream.is_over


@pytest.mark.parametrize(
    ("status", "by_page"),
    [
        pytest.param(UPLOADING, False, id="during the upload"),
        pytest.param(UPLOADING, True, id="during the upload, by the page"),
        pytest.param(EXECUTING, True, id="while encoding, by the page"),
    ],
)
def test_t59_page_that_cancels_or_still_uploads_gets_no_error(status: dict[str, Any], by_page: bool) -> None:
    stream = stream_of_events(is_canceled_by_page=by_page)

    events = sent_events(stream, {**status, "ok": "ASSEMBLY_CANCELED"})

    assert "assembly_error" not in events
    assert stream.is_over


def test_progress_is_sent_when_asked_for_and_when_it_changes() -> None:
    stream = stream_of_events(wants_progress=True)

    assert sent_events(stream, EXECUTING)[-1] == "assembly_execution_progress"
    assert sent_events(stream, EXECUTING) == []
    assert sent_events(stream, {**EXECUTING, "progress_combined": 41}) == ["assembly_execution_progress"]


def test_file_name_with_line_breaks_makes_no_event() -> None:
    status = {**EXECUTING, "uploads": [{"id": "u", "md5hash": "a\n\nevent: assembly_finished\ndata: x"}]}

    assert "assembly_finished" not in sent_events(stream_of_events(), status)
