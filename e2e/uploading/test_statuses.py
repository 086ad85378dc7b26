"""Status documents that a browser was given, before the SDK's own schema.

The fixture `status_notes` brings those of the whole run there when the last test has run.
"""

from __future__ import annotations

from e2e.pages.uppy_page import CAT, PATIENCE_MS, UppyPage
from e2e.status_notes import StatusNotes

BOTH = {"ASSEMBLY_UPLOADING", "ASSEMBLY_COMPLETED"}
POLL_MS = 50


def test_every_status_a_browser_gets_is_as_the_sdk_knows_it(
    uppy: UppyPage, status_notes: StatusNotes
) -> None:
    uppy.send(CAT)
    assert uppy.outcome()["sent"] == 1

    wait_for_both(uppy, status_notes)
    assert status_notes.complaints() == []


def wait_for_both(uppy: UppyPage, status_notes: StatusNotes) -> None:
    """Wait until both are noted: the browser tells of a request after the page has its answer."""
    for _ in range(0, PATIENCE_MS, POLL_MS):
        if {status.get("ok") for status in status_notes.statuses} >= BOTH:
            return
        uppy.page.wait_for_timeout(POLL_MS)
    raise AssertionError(f"noted are {[status.get('ok') for status in status_notes.statuses]}")


def test_complaint_is_made_about_what_clients_stumble_over(uppy: UppyPage) -> None:
    uppy.send(CAT)
    uppy.outcome()
    notes = StatusNotes()
    notes.statuses = [uppy.status(), {**uppy.status(), "error": None}]

    assert len(notes.complaints()) == 1
