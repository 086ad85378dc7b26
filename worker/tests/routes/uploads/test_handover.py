"""Several hosts that take uploads behind one name: whichever is asked, an upload goes on where it began."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ...conftest import TestEngine, open_test_engine
from ...execution.job_files.conftest import Door

SECRET = "of all engines"


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.shut()


def opened(folder: Path, host: str, *, database_url: str = "") -> TestEngine:
    folder.mkdir()
    settings = {"worker_database_url": database_url} if database_url else {}
    engine = open_test_engine(folder, None, engine_secret=SECRET, **settings)
    engine.parts.upload_files.host = host
    return engine


@pytest.fixture
def first(tmp_path: Path, door: Door) -> Iterator[TestEngine]:
    """The host at which uploads begin."""
    engine = opened(tmp_path / "first", "first")
    engine.parts.held_uploads.announce(door.url)
    door.app = engine.client.application
    door.open()
    yield engine
    engine.close()


@pytest.fixture
def second(tmp_path: Path, first: TestEngine) -> Iterator[TestEngine]:
    """The host that later requests come to."""
    database_url = first.settings.worker_database_url.get_secret_value()
    engine = opened(tmp_path / "second", "second", database_url=database_url)
    yield engine
    engine.close()


def test_upload_goes_on_at_the_host_that_has_it(first: TestEngine, second: TestEngine) -> None:
    """S54"""
    assembly = first.assembly()
    upload = first.open_upload(assembly, 8)
    first.patch(upload, b"meow")

    offset = second.head(upload).headers["Upload-Offset"]
    answer = second.patch(upload, b"purr", offset=4)
    first.work()

    assert offset == "4"
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "8")
    (file,) = first.status(assembly)["uploads"]
    assert first.get(file["url"]).data == b"meowpurr"


def test_what_the_host_refuses_is_refused(first: TestEngine, second: TestEngine) -> None:
    """S54"""
    upload = first.open_upload(first.assembly(), 8)

    answer = second.patch(upload, b"purr", offset=4)

    assert answer.status_code == 409
    assert "at byte 0" in answer.get_json()["message"]


def test_upload_is_ended_at_the_host_that_has_it(first: TestEngine, second: TestEngine) -> None:
    """S54"""
    upload = first.open_upload(first.assembly(), 8)

    answer = second.client.delete(upload, headers=second.tus)

    assert answer.status_code == 204
    assert first.head(upload).status_code in (404, 410)


def test_client_tries_again_while_the_host_is_away(first: TestEngine, second: TestEngine, door: Door) -> None:
    """F60: no other answer keeps tus-js-client from a new upload."""
    upload = first.open_upload(first.assembly(), 8)
    door.shut()

    assert second.head(upload).status_code == 423
    assert second.patch(upload, b"meow").status_code == 423


def test_wrong_address_of_a_host_sends_no_request_in_circles(
    first: TestEngine, second: TestEngine, door: Door
) -> None:
    """S54"""
    upload = first.open_upload(first.assembly(), 8)
    door.app = second.client.application

    assert second.head(upload).status_code == 423
    assert len(door.ranges) == 1
