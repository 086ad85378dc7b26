"""Uppy with its Transloadit plugin, unmodified, against the engine."""

from __future__ import annotations

import os
import signal
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from e2e.pages.upload_page import slow_down
from e2e.pages.uppy_page import CAT, UPLOAD_ONLY, UppyPage, md5_of
from e2e.site import Site
from playwright.sync_api import Response, Route
from servers.relay import Relay

PART_BYTES = 500_000
LARGE = {"name": "large.bin", "size": 3_000_000}
# No video at all, which the engine finds out when it is to encode it.
FAKE = {"name": "holiday.mp4", "size": 100_000}
ENCODE: dict[str, Any] = {
    **UPLOAD_ONLY,
    "small": {"robot": "/video/encode", "use": ":original", "preset": "web/mp4/240p"},
}
ENCODE_FOR_MINUTES: dict[str, Any] = {
    **UPLOAD_ONLY,
    "large": {"robot": "/video/encode", "use": ":original", "preset": "web/mp4-x265/4k", "zoom": True},
}


@pytest.fixture
def pieces() -> list[bytes]:
    """What has passed the relay."""
    return []


@pytest.fixture
def relay(site: Site, pieces: list[bytes]) -> Iterator[Relay]:
    """A network between the page and the engine that can break, as when the Wi-Fi goes."""
    with closing(Relay(urlsplit(site.engine_url).port or 0, on_piece=pieces.append)) as relay:
        yield relay


def opened_streams(pieces: list[bytes]) -> int:
    """How often the page has asked for an event stream."""
    return sum(piece.startswith(b"GET /events?") for piece in pieces)


@pytest.fixture(params=["stream", "polling"])
def told_by(request: pytest.FixtureRequest, uppy: UppyPage) -> str:
    """How the page hears of the engine; a blocked stream leaves it polling."""
    if request.param == "polling":
        uppy.page.route("**/events?*", lambda route: route.abort())
    return str(request.param)


def test_encoding_is_waited_for_when_asked_so(uppy: UppyPage) -> None:
    uppy.send(CAT)

    outcome = uppy.outcome()

    assert (outcome["sent"], outcome["failed"]) == (1, 0)
    assert outcome["assemblies"][0]["ok"] == "ASSEMBLY_COMPLETED"
    assert outcome["assemblies"][0]["fields"] == {"cat": "Minka"}
    uppy.wait_for_event("transloadit:complete")


def test_without_waiting_the_page_goes_on_when_the_bytes_are_sent(uppy: UppyPage) -> None:
    uppy.send(CAT, wait=False)

    outcome = uppy.outcome()

    assert (outcome["sent"], outcome["failed"]) == (1, 0)
    assert len(outcome["assemblies"][0]["assembly_id"]) == 32


def test_blocked_stream_is_made_up_for_by_asking(uppy: UppyPage) -> None:
    uppy.page.route("**/events?*", lambda route: route.abort())
    uppy.send(CAT)

    assert uppy.outcome()["assemblies"][0]["ok"] == "ASSEMBLY_COMPLETED"
    uppy.wait_for_event("transloadit:complete")


def test_w22_stream_that_breaks_off_tells_the_end_when_it_is_back(uppy: UppyPage) -> None:
    cut: list[str] = []

    def break_off_once(route: Route) -> None:
        if cut:
            route.continue_()
        else:
            cut.append(route.request.url)
            route.fulfill(
                status=200,
                body="retry: 200\n\n",
                content_type="text/event-stream",
                headers={"Access-Control-Allow-Origin": "*"},
            )

    uppy.page.route("**/events?*", break_off_once)
    uppy.send(CAT)

    assert uppy.outcome()["assemblies"][0]["ok"] == "ASSEMBLY_COMPLETED"
    assert len(cut) == 1


def test_w22_network_that_breaks_in_the_middle_takes_stream_and_upload_up_again(
    uppy: UppyPage, relay: Relay, pieces: list[bytes]
) -> None:
    slow_down(uppy.page, upload_megabits=8)
    uppy.service = relay.through(uppy.service)
    uppy.send(LARGE)
    uppy.wait_for_event("upload-progress")
    uppy.wait_for_bytes(PART_BYTES)
    before = opened_streams(pieces)

    assert uppy.status()["ok"] == "ASSEMBLY_UPLOADING"
    assert relay.tear() > 0

    outcome = uppy.outcome()
    assert (outcome["sent"], outcome["failed"]) == (1, 0)
    assert outcome["assemblies"][0]["uploads"][0]["md5hash"] == md5_of(LARGE)
    assert (before, opened_streams(pieces) > before) == (1, True)


@pytest.mark.usefixtures("told_by")
def test_m05_page_is_told_of_what_cannot_be_encoded(uppy: UppyPage) -> None:
    uppy.send(FAKE, steps=ENCODE)

    assert uppy.outcome()["failed"] == 1
    uppy.wait_for_event("transloadit:assembly-error")
    assert uppy.page.evaluate("() => window.assemblyError") == "INVALID_INPUT_ERROR"


@pytest.fixture(scope="module")
def clip_for_minutes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A file of a few kilobytes of which ENCODE_FOR_MINUTES makes 5400 pictures in 4K."""
    path = tmp_path_factory.mktemp("clips") / "grey.mp4"
    picture = ["-f", "lavfi", "-i", "color=gray:s=160x90:r=30:d=180"]
    command = ["ffmpeg", "-v", "error", *picture, "-c:v", "libx264", "-preset", "ultrafast", str(path)]
    subprocess.run(command, check=True)
    return {"name": "grey.mp4", "base64": b64encode(path.read_bytes()).decode()}


def test_t59_upload_ends_when_somebody_else_cancels(uppy: UppyPage) -> None:
    """No event says so: the next bytes are refused."""
    slow_down(uppy.page, upload_megabits=4)
    uppy.send(LARGE)
    uppy.wait_for_event("upload-progress")
    uppy.wait_for_bytes(0)

    uppy.cancel_from_elsewhere()

    assert uppy.outcome()["failed"] == 1
    assert "transloadit:assembly-error" not in uppy.happened()


def test_t59_page_that_waits_for_results_is_told_when_somebody_else_cancels(
    any_uppy: UppyPage, clip_for_minutes: dict[str, Any]
) -> None:
    any_uppy.send(clip_for_minutes, steps=ENCODE_FOR_MINUTES)
    any_uppy.wait_for_event("transloadit:assembly-executing")

    any_uppy.cancel_from_elsewhere()

    any_uppy.wait_for_event("transloadit:assembly-error")
    assert any_uppy.page.evaluate("() => window.assemblyError") == "ASSEMBLY_CANCELED"


def test_t59_page_that_cancels_its_upload_shows_no_error(any_uppy: UppyPage) -> None:
    slow_down(any_uppy.page, upload_megabits=4)
    any_uppy.send(LARGE)
    any_uppy.wait_for_event("upload-progress")
    any_uppy.wait_for_bytes(0)

    cancel_on_the_page(any_uppy)

    assert "error" not in any_uppy.happened()
    assert any_uppy.status()["ok"] == "ASSEMBLY_CANCELED"


def test_t59_page_that_cancels_the_encoding_shows_no_error(
    any_uppy: UppyPage, clip_for_minutes: dict[str, Any]
) -> None:
    any_uppy.send(clip_for_minutes, steps=ENCODE_FOR_MINUTES)
    any_uppy.wait_for_event("transloadit:assembly-executing")

    cancel_on_the_page(any_uppy)

    assert "error" not in any_uppy.happened()
    assert any_uppy.status()["ok"] == "ASSEMBLY_CANCELED"


def cancel_on_the_page(uppy: UppyPage) -> None:
    """Cancel all, and wait until the page's stream has told its last: then there is none to connect to.

    Uppy 3 has closed it by then, and hears no more of it.
    """
    if uppy.page.evaluate("() => uppy.constructor.VERSION").startswith("3."):
        uppy.page.evaluate("() => uppy.cancelAll()")
    else:
        with uppy.page.expect_response(lambda answer: "/events?" in answer.url and answer.status == 204):
            uppy.page.evaluate("() => uppy.cancelAll()")
    uppy.wait_for_event("transloadit:assembly-cancelled")


def test_encoding_is_waited_for_by_every_uppy(any_uppy: UppyPage) -> None:
    any_uppy.send(CAT)

    assert any_uppy.outcome()["assemblies"][0]["ok"] == "ASSEMBLY_COMPLETED"


def test_two_files_come_in_one_assembly(uppy: UppyPage) -> None:
    uppy.send(CAT, {**CAT, "name": "kitten.bin"})

    outcome = uppy.outcome()

    assert (outcome["sent"], len(outcome["assemblies"])) == (2, 1)
    assert sorted(each["name"] for each in outcome["assemblies"][0]["uploads"]) == ["cat.bin", "kitten.bin"]


def test_t20_file_of_zero_bytes_comes_to_an_end(uppy: UppyPage) -> None:
    uppy.send({"name": "nothing.bin", "size": 0})

    assert uppy.outcome()["assemblies"][0]["uploads"][0]["size"] == 0


def test_w20_cancel_on_the_page_cancels_the_assembly(uppy: UppyPage) -> None:
    slow_down(uppy.page, upload_megabits=4)
    uppy.send(LARGE)
    uppy.wait_for_event("upload-progress")
    assert uppy.status()["ok"] == "ASSEMBLY_UPLOADING"

    with uppy.page.expect_response(is_cancel):
        uppy.page.evaluate("() => uppy.cancelAll()")

    assert uppy.status()["ok"] == "ASSEMBLY_CANCELED"


def is_cancel(answer: Response) -> bool:
    return answer.request.method == "DELETE" and "/assemblies/" in answer.url


def test_upload_goes_on_after_a_pause(uppy: UppyPage) -> None:
    slow_down(uppy.page, upload_megabits=8)
    uppy.send(LARGE)
    uppy.wait_for_event("upload-progress")

    uppy.page.evaluate("() => uppy.pauseAll()")
    uppy.wait_until("() => uppy.getFiles()[0].isPaused")
    uppy.page.evaluate("() => uppy.resumeAll()")

    upload = uppy.outcome()["assemblies"][0]["uploads"][0]
    assert upload["md5hash"] == md5_of(LARGE)


def test_w22_upload_outlives_a_death_of_the_engine(uppy: UppyPage) -> None:
    slow_down(uppy.page, upload_megabits=8)
    uppy.send(LARGE)
    uppy.wait_for_event("upload-progress")
    uppy.wait_for_bytes(PART_BYTES)

    assert uppy.status()["ok"] == "ASSEMBLY_UPLOADING"
    assert kill_engine(uppy.site) > 0

    outcome = uppy.outcome()
    assert (outcome["sent"], outcome["failed"]) == (1, 0)
    assert outcome["assemblies"][0]["uploads"][0]["md5hash"] == md5_of(LARGE)


def kill_engine(site: Site) -> int:
    """End the engine's processes at once, and say how many; whatever started the site starts it anew."""
    killed = 0
    marks = (f"CATTUBE_DATA={site.data}".encode(), f"WORKER_PORT={urlsplit(site.engine_url).port}".encode())
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            is_ours = set(marks) <= set((entry / "environ").read_bytes().split(b"\0"))
            if is_ours and (entry / "cwd").readlink().name == "worker":
                os.kill(int(entry.name), signal.SIGKILL)
                killed += 1
    return killed
