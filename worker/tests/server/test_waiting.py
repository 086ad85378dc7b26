"""Clients that want their answer only when the work is done."""

from __future__ import annotations

from .conftest import Server


def test_answer_waits_for_the_end_when_asked_so(server: Server) -> None:
    steps = {"imported": {"robot": "/http/import", "url": "http://127.0.0.1:9/nobody.there"}}

    at_once = server.assembly(expected=0, steps=steps)
    waited = server.assembly(expected=0, steps=steps, blocking=True)

    assert at_once["ok"] == "ASSEMBLY_EXECUTING"
    assert waited["error"] == "HTTP_IMPORT_FAILURE"


def test_nobody_waits_for_files_that_are_still_to_come(server: Server) -> None:
    assert server.assembly(expected=1, **{"await": "transcoding"})["ok"] == "ASSEMBLY_UPLOADING"
