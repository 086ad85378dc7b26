"""Several hosts that take uploads behind one name: whichever is asked, an upload goes on where it began."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cattube_worker.routes.requests.client_address import CLIENT, own_network
from cattube_worker.routes.uploads.other_hosts import AWAY_SECONDS, MOST_WAITING, OtherHosts

from ...conftest import TestEngine, open_test_engine
from ...execution.job_files.conftest import Door

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

SECRET = "of all engines"
STRANGER = {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.shut()


def opened(folder: Path, host: str, *, database_url: str = "") -> TestEngine:
    folder.mkdir()
    settings = {"worker_database_url": database_url} if database_url else {}
    engine = open_test_engine(folder, None, engine_secret=SECRET, **settings)
    engine.parts.files.upload_files.host = host
    return engine


@pytest.fixture
def first(tmp_path: Path, door: Door) -> Iterator[TestEngine]:
    """The host at which uploads begin."""
    engine = opened(tmp_path / "first", "first")
    engine.parts.files.held_uploads.announce(door.url)
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


def asked(host: TestEngine, upload: str, **headers: str) -> TestResponse:
    """The answer to a stranger's question for the offset."""
    return host.client.head(upload, headers={**host.tus, **headers}, environ_overrides=STRANGER)


@pytest.fixture
def networks(first: TestEngine, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Networks for which requests counted at the first host."""
    counted: list[str | None] = []
    real_slot = type(first.uploads).slot

    def note(*arguments: object) -> object:
        counted.append(own_network())
        return real_slot(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(type(first.uploads), "slot", note)
    return counted


def test_w80_name_of_strange_letters_is_handed_on(first: TestEngine, second: TestEngine) -> None:
    upload = first.open_upload(first.assembly(), 8)

    answer = asked(second, upload, **{"Upload-Metadata": "filename \xe9\xff"})

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (200, "0")


def test_w80_host_that_is_away_is_not_asked_again_for_some_seconds(
    first: TestEngine, second: TestEngine, door: Door
) -> None:
    upload = first.open_upload(first.assembly(), 8)
    door.shut()
    assert asked(second, upload).status_code == 423
    door.open()

    at_once = asked(second, upload).status_code
    came = len(door.ranges)
    second.clock.advance(AWAY_SECONDS)

    assert (at_once, came) == (423, 0)
    assert asked(second, upload).status_code == 200


def test_w80_requests_that_wait_for_another_host_are_few(
    first: TestEngine, second: TestEngine, door: Door
) -> None:
    """423, and nothing else, keeps tus-js-client from a new upload."""
    upload = first.open_upload(first.assembly(), 8)
    hosts = second.parts.services.get(OtherHosts)
    assert hosts is not None

    with ExitStack() as stack:
        for number in range(MOST_WAITING):
            stack.enter_context(hosts.waiting([f"address {number}"]))
        refused = asked(second, upload).status_code

    assert (refused, door.ranges) == (423, [])
    assert asked(second, upload).status_code == 200


def test_w80_handed_on_request_counts_for_its_client(
    first: TestEngine, second: TestEngine, networks: list[str | None]
) -> None:
    upload = first.open_upload(first.assembly(), 8)
    headers = {**second.tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}

    answer = second.client.patch(upload, data=b"meow", headers=headers, environ_overrides=STRANGER)

    assert answer.status_code == 204
    assert networks == ["198.51.100.7/32", "198.51.100.7/32"]


def test_w80_client_cannot_name_another_for_whom_it_counts(first: TestEngine, second: TestEngine) -> None:
    signed = second.parts.files.held_uploads.signed_client("/resumable/files/another", "203.0.113.9/32")

    def network_told(text: str) -> str | None:
        app = first.client.application
        with app.test_request_context("/resumable/files/one", headers={CLIENT: text}, environ_base=STRANGER):
            return own_network()

    for text in (
        "203.0.113.9%2F32",
        signed,
        "203.0.113.9%2F32?auth_key=engine&exp=9&sig=sha256:0",
        "?",
        "\xff",
    ):
        assert network_told(text) == "198.51.100.7/32", text
    own = second.parts.files.held_uploads.signed_client("/resumable/files/one", "203.0.113.9/32")
    assert network_told(own) == "203.0.113.9/32"


@pytest.mark.parametrize("status", [429, 503])
def test_w80_client_comes_again_to_a_host_that_is_busy(
    first: TestEngine, second: TestEngine, status: int
) -> None:
    upload = first.open_upload(first.assembly(), 8)
    first.client.application.before_request_funcs[None] = [lambda: ("Busy", status)]

    assert asked(second, upload).status_code == 423
