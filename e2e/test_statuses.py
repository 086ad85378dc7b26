"""Status documents that a browser was given, before the SDK's own schema.

The fixture `status_notes` brings those of the whole run there when the last test has run.
"""

from __future__ import annotations

from e2e.status_notes import StatusNotes
from e2e.uppy_page import CAT, UppyPage


def test_every_status_a_browser_gets_is_as_the_sdk_knows_it(
    uppy: UppyPage, status_notes: StatusNotes
) -> None:
    uppy.send(CAT)
    assert uppy.outcome()["sent"] == 1

    assert {"ASSEMBLY_UPLOADING", "ASSEMBLY_COMPLETED"} <= {each.get("ok") for each in status_notes.statuses}
    assert status_notes.complaints() == []


def test_complaint_is_made_about_what_clients_stumble_over(uppy: UppyPage) -> None:
    uppy.send(CAT)
    uppy.outcome()
    notes = StatusNotes()
    notes.statuses = [uppy.status(), {**uppy.status(), "error": None}]

    assert len(notes.complaints()) == 1
