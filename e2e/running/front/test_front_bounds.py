"""What all slow visitors together may take up in the front, and for how long."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

import httpx
import pytest
from e2e.running.front.front_alone import PLAN, front_alone
from e2e.slow_visitors import Kind, slow_visitors, unfinished_bodies
from e2e.waiting import wait_until

import nginx_configuration
from cattube.web.middleware.large_answers import LARGE_BYTES
from nginx_configuration import (
    ANSWER_FILE_BYTES,
    ANSWERS,
    ANSWERS_OF_ONE,
    BODIES_OF_ONE,
    LONG_BODIES,
    LONG_BODIES_OF_ONE,
    NOTIFICATIONS,
    STATIC_BYTES,
    TEMPLATE,
    configuration,
)

FORM = "application/x-www-form-urlencoded"
LONG_BYTES, LONGEST_BYTES = 200_000, 3 * 1024**2
ONE, OTHER, OTHER_NETWORK = "203.0.113.9", "203.0.113.10", "198.51.100.9"
REPORT = "/notifications/transloadit"
METHODS = pytest.mark.parametrize("method", ["POST", "GET", "DELETE", "FOO"])
PATIENCE_SECONDS = 60
RESERVE_BYTES = 256 * 1024**2  # MIN_FREE_BYTES of the engine, by default


def forwarded(kind: Kind, address: str) -> Kind:
    """The same, as a proxy passes it on."""
    line = f"Host: localhost\r\nX-Forwarded-For: {address}".encode()
    return Kind(kind.count, kind.says.replace(b"Host: localhost", line), kind.is_answered)


def readers(path: str, count: int) -> Kind:
    """Visitors who ask, and read no further than the first words."""
    return Kind(count, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), is_answered=True)


def is_cut_off_amid(visitor: socket.socket) -> bool:
    """Send one byte more, and tell if there is nobody any more who takes it."""
    try:
        visitor.sendall(b"a")
    except (ConnectionResetError, BrokenPipeError):
        return True
    return False


def get(url: str, address: str, path: str = "/") -> int:
    return httpx.get(url + path, headers={"X-Forwarded-For": address}, timeout=PATIENCE_SECONDS).status_code


def send(url: str, address: str, *, size_bytes: int = 10, method: str = "POST") -> int:
    headers = {"X-Forwarded-For": address, "Content-Type": FORM}
    answer = httpx.request(method, url, headers=headers, content=b"a" * size_bytes, timeout=PATIENCE_SECONDS)
    return answer.status_code


def test_w61_body_that_comes_byte_by_byte_ends_with_the_worker_that_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte keeps nginx's deadline, so that only this bounds the whole."""
    monkeypatch.setattr(nginx_configuration, "WORKER_SECONDS", 1)
    body = unfinished_bodies("/login/", 1, content_type=FORM)
    with front_alone(tmp_path) as front, slow_visitors(front.url, [body]) as (visitor,):
        before = front.workers()
        front.process.renew(time.monotonic())
        wait_until(lambda: is_cut_off_amid(visitor))
        seen = get(front.url, ONE)

    assert before
    assert seen == 200


@METHODS
@pytest.mark.parametrize("room", ["url", "engine_url"])
def test_w61_bodies_of_one_address_are_few_and_others_send_theirs(
    tmp_path: Path, room: str, method: str
) -> None:
    with front_alone(tmp_path) as front:
        url = getattr(front, room)
        bodies = unfinished_bodies("/login/", BODIES_OF_ONE, content_type=FORM, method=method)
        with slow_visitors(url, [forwarded(bodies, ONE)]):
            wait_until(lambda: send(url, ONE, method=method) == 429)
            # With GET it has taken its places for answers, too.
            seen = get(url, OTHER if method == "GET" else ONE), send(url, OTHER, method=method)

    assert seen == (200, 200)


@METHODS
@pytest.mark.parametrize("path", ["/login/", "/files/a.mp4", "/static/a.js", "/api/videos/a/events"])
def test_w61_long_bodies_of_one_address_leave_places_for_those_of_others(
    tmp_path: Path, path: str, method: str
) -> None:
    with front_alone(tmp_path) as front:
        long = unfinished_bodies(
            path, LONG_BODIES_OF_ONE, content_type=FORM, size_bytes=LONG_BYTES, method=method
        )
        with slow_visitors(front.url, [forwarded(long, ONE)]):
            wait_until(lambda: send(front.url, ONE, size_bytes=LONG_BYTES, method=method) == 429)
            seen = send(front.url, ONE), send(front.url, OTHER, size_bytes=LONG_BYTES, method=method)

    assert seen == (200, 200)


@pytest.mark.parametrize(("path", "count"), [("/login/", LONG_BODIES), (REPORT, NOTIFICATIONS)])
def test_w82_report_of_the_engine_comes_while_strangers_send_long_bodies(
    tmp_path: Path, path: str, count: int
) -> None:
    """The engine runs on this machine and calls the front itself."""
    long = unfinished_bodies(path, 1, content_type=FORM, size_bytes=LONG_BYTES)
    strangers = [forwarded(long, f"203.0.113.{number}") for number in range(count)]
    with front_alone(tmp_path) as front, slow_visitors(front.url, strangers):
        wait_until(lambda: send(front.url + path, OTHER_NETWORK, size_bytes=LONG_BYTES) == 429)
        report = httpx.post(front.url + REPORT, content=b"a" * LONG_BYTES, timeout=PATIENCE_SECONDS)

    assert report.status_code == 200


def test_w81_words_for_an_encoding_make_no_more_files_of_the_pages(tmp_path: Path) -> None:
    wanted = ["gzip, br", "br", "gzip", "", *(f"br;q=0.{number}, gzip" for number in range(1, 30))]
    with front_alone(tmp_path) as front:
        encodings = [_encoding(front.url, words) for words in wanted]
        kept = front.cached_files()
        again = [_encoding(front.url, words) for words in wanted]

    assert kept == 4
    assert encodings == again == ["br", "br", "gzip", "identity", *["br"] * 29]


def _encoding(url: str, accepted: str) -> str:
    """Encoding in which a browser gets a file of the pages."""
    answer = httpx.get(f"{url}/static/a.js", headers={"Accept-Encoding": accepted}, timeout=PATIENCE_SECONDS)
    return answer.headers["X-Encoding"]


def test_w62_answer_that_nobody_takes_lies_on_the_disk_with_little_of_it(tmp_path: Path) -> None:
    with front_alone(tmp_path, answer=b"a" * 20 * LARGE_BYTES) as front:
        with slow_visitors(front.url, [readers("/api/videos", 20)]):
            wait_until(lambda: len(front.answer_files()) == 20)
            sizes = front.answer_files()
        whole = httpx.get(f"{front.url}/api/videos", timeout=PATIENCE_SECONDS).content

    assert max(sizes) <= ANSWER_FILE_BYTES
    assert whole == front.answer


def test_w62_front_takes_at_once_what_holds_no_place_of_the_site(tmp_path: Path) -> None:
    """Otherwise a reader of an answer that the site takes for small would hold a thread of it."""
    buffers = re.search(r"proxy_buffers (\d+) (\d+)k;", TEMPLATE.read_text())

    assert buffers
    assert int(buffers[1]) * int(buffers[2]) * 1024 + ANSWER_FILE_BYTES >= LARGE_BYTES


def test_w62_answers_that_one_address_does_not_take_keep_others_from_none(tmp_path: Path) -> None:
    files = ("/files/hls/a/720p.mp4", "/api/videos/a/events", "/static/a.js")
    with (
        front_alone(tmp_path, answer=b"a" * 20 * LARGE_BYTES) as front,
        slow_visitors(front.url, [forwarded(readers("/", ANSWERS_OF_ONE), ONE)]),
    ):
        refused = get(front.url, ONE), get(front.url, ONE, "/files/hls/a/playlist.m3u8")
        others = get(front.url, OTHER)
        own_files = [get(front.url, ONE, path) for path in files]

    assert (refused, others, own_files) == ((429, 429), 200, [200] * 3)


def test_w62_paused_players_are_none_of_the_answers_that_are_counted() -> None:
    """The front sends their files itself. Behind a proxy on this machine only the count of all is left."""
    locations = configuration(PLAN, sockets="")["answers.conf"].split("location ")
    sending = [location for location in locations if location.startswith(r"~ ^/\.files/")]

    assert len(sending) == 2
    assert all(f"limit_conn requests {PLAN.requests};" in location for location in sending)


def test_w62_file_of_the_pages_waits_for_all_its_readers_as_one(tmp_path: Path) -> None:
    with front_alone(tmp_path, answer=b"a" * 20 * LARGE_BYTES) as front:
        with slow_visitors(front.url, [readers("/static/a.js", 20)]):
            sizes = front.answer_files()
        whole = httpx.get(f"{front.url}/static/a.js?again", timeout=PATIENCE_SECONDS).content

    assert sizes == []
    assert whole == front.answer


def test_w62_all_that_the_front_may_lay_down_leaves_the_reserve_on_the_disk() -> None:
    bodies = (LONG_BODIES + 2 * NOTIFICATIONS) * LONGEST_BYTES
    most = ANSWERS * ANSWER_FILE_BYTES + bodies + STATIC_BYTES

    assert most < RESERVE_BYTES
