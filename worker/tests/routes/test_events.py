"""Who may watch by event stream, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from ..conftest import TestEngine, open_test_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TestEngine]:
    """An engine with places for eight, of which one client gets two."""
    engine = open_test_engine(tmp_path, max_event_streams=8)
    yield engine
    engine.close()


def watch(engine: TestEngine, assembly: dict[str, Any], address: str) -> TestResponse:
    """The answer to a page at that address, which goes on watching if it may."""
    path = f"/events?assembly={assembly['assembly_id']}"
    return engine.client.get(path, environ_overrides={"REMOTE_ADDR": address})


def test_w45_streams_of_one_address_leave_places_for_others(engine: TestEngine) -> None:
    assemblies = [engine.assembly() for _ in range(3)]
    watched = [watch(engine, assembly, "203.0.113.9") for assembly in assemblies]

    other = watch(engine, assemblies[2], "203.0.113.10")
    watched[0].close()
    again = watch(engine, assemblies[2], "203.0.113.9")

    assert [answer.status_code for answer in watched] == [200, 200, 503]
    assert watched[2].get_json()["error"] == "RATE_LIMIT_REACHED"
    assert (other.status_code, again.status_code) == (200, 200)
    for answer in (watched[1], other, again):
        answer.close()


def test_w45_streams_of_one_assembly_leave_places_for_others(engine: TestEngine) -> None:
    """Behind a proxy on this machine, all clients have one address."""
    first, second = engine.assembly(), engine.assembly()

    watched = [watch(engine, first, "127.0.0.1") for _ in range(3)]
    other = watch(engine, second, "127.0.0.1")

    assert [answer.status_code for answer in watched] == [200, 200, 503]
    assert other.status_code == 200
    for answer in (*watched, other):
        answer.close()


@pytest.mark.parametrize(
    ("phase", "client", "hears"),
    [
        pytest.param("uploading", "python-sdk:1.0.4", False, id="uploading"),
        pytest.param("executing", "uppy-core:6.3.1,uppy-transloadit:6.0.0", False, id="by the page itself"),
        pytest.param("executing", "node-sdk:5.0.1", True, id="by somebody else"),
        pytest.param("executing", None, True, id="by nobody in particular"),
    ],
)
def test_t59_cancel_is_an_error_only_for_a_page_that_would_wait_for_ever(
    engine: TestEngine, phase: str, client: str | None, hears: bool
) -> None:
    assembly = engine.assembly()
    if phase == "executing":
        engine.upload(assembly, b"meow")
    watching = watch(engine, assembly, "203.0.113.9")
    headers = {"Transloadit-Client": client} if client else {}

    engine.client.delete(f"/assemblies/{assembly['assembly_id']}", headers=headers)

    assert ("assembly_error" in watching.text) is hears  # Read to its end: the stream is over.
    watching.close()
    again = watch(engine, assembly, "203.0.113.9")
    # By 204 an EventSource learns that there is nothing to connect to any more.
    assert (again.status_code, "assembly_error" in again.text) == ((200, True) if hears else (204, False))
    again.close()
