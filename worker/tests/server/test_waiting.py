"""Clients that want their answer only when the work is done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .conftest import Server, start


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With one retry, which comes after five seconds; the next would take half a minute more."""
    server = start(tmp_path_factory.mktemp("data"), JOB_ATTEMPTS="2")
    yield server
    server.stop()


def test_answer_waits_for_the_end_when_asked_so(server: Server) -> None:
    steps = {"imported": {"robot": "/http/import", "url": "http://127.0.0.1:9/nobody.there"}}

    at_once = server.assembly(expected=0, steps=steps)
    waited = server.assembly(expected=0, steps=steps, blocking=True)

    assert at_once["ok"] == "ASSEMBLY_EXECUTING"
    assert waited["error"] == "HTTP_IMPORT_FAILURE"


def test_nobody_waits_for_files_that_are_still_to_come(server: Server) -> None:
    assert server.assembly(expected=1, **{"await": "transcoding"})["ok"] == "ASSEMBLY_UPLOADING"
