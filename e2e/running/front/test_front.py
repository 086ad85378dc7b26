"""The front: slow visitors stop nothing, and whoever is quick notices nothing of it."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from e2e.forms import sign_in
from e2e.site import Site, start_site
from e2e.slow_visitors import (
    Kind,
    paused_players,
    silent,
    slow_visitors,
    still_waiting,
    unfinished_bodies,
    unfinished_headers,
)
from e2e.stored_videos import add_video
from e2e.waiting import wait_until
from servers.procfs import arguments, children

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=cat"
# The front collects a shorter form before the engine hears of it.
LONG_BYTES = 100_000
TUS = {
    "Tus-Resumable": "1.0.0",
    "Upload-Offset": "0",
    "Content-Type": "application/offset+octet-stream",
}
# A page beside slow visitors takes as long as one alone. This only tells it from one that waits for them.
ANSWERED_SECONDS = 10
PATIENCE_SECONDS = 60
MOST_REQUESTS, MOST_UPLOADS = 10, 3
ADDRESS = """
from cattube.accounts.models import LoginSession
print(LoginSession.objects.order_by("-last_seen_at").first().address)
"""


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site behind a proxy that it trusts, which lets one address have little."""
    limits = {
        "MAX_REQUESTS_PER_ADDRESS": str(MOST_REQUESTS),
        "MAX_UPLOADS_PER_ADDRESS": str(MOST_UPLOADS),
    }
    running = start_site(tmp_path_factory.mktemp("small") / "data", TRUST_PROXY="true", **limits)
    yield running
    running.stop()


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=PATIENCE_SECONDS).status_code == 200
    except httpx.TransportError:
        return False


def is_cut_off(visitor: socket.socket) -> bool:
    """Wait until the server says or does something, and tell if it ended the connection."""
    try:
        return visitor.recv(100) == b""
    except ConnectionResetError:
        return True


def test_w46_pages_come_beside_two_thousand_slow_visitors(site: Site) -> None:
    film = add_video(site, os.urandom(6_000_000))
    at_site = [
        paused_players(film, 500),
        unfinished_headers(250),
        unfinished_bodies("/login/", 250, content_type=FORM),
        silent(250),
    ]
    at_engine = [
        unfinished_headers(250),
        unfinished_bodies("/assemblies", 250, content_type=PARTS),
        silent(250),
    ]

    with (
        slow_visitors(site.engine_url, at_engine),
        slow_visitors(site.url, at_site) as visitors,
    ):
        for address in (f"{site.url}/", f"{site.engine_url}/healthz", f"{site.url}/login/"):
            assert httpx.get(address, timeout=ANSWERED_SECONDS).status_code == 200
        part = httpx.get(f"{site.url}{film}", headers={"Range": "bytes=0-9"}, timeout=ANSWERED_SECONDS)
        assert part.status_code == 206
        waiting = still_waiting(visitors)

    assert waiting, "the visitors were gone before the pages were asked for"


def test_w47_whoever_never_ends_a_header_or_a_body_is_cut_off(site: Site) -> None:
    kinds = [unfinished_headers(1), unfinished_bodies("/login/", 1, content_type=FORM)]

    with slow_visitors(site.url, kinds) as visitors:
        assert all(is_cut_off(visitor) for visitor in visitors)


def forwarded(kind: Kind, address: str) -> Kind:
    """The same, as a proxy passes it on."""
    line = f"Host: localhost\r\nX-Forwarded-For: {address}".encode()
    return Kind(kind.count, kind.says.replace(b"Host: localhost", line), kind.is_answered)


def status_for(url: str, address: str, path: str = "/healthz") -> httpx.Response:
    return httpx.get(f"{url}{path}", headers={"X-Forwarded-For": address}, timeout=PATIENCE_SECONDS)


def test_w49_address_with_too_many_requests_is_told_and_others_are_answered(small_site: Site) -> None:
    bodies = unfinished_bodies("/login/", MOST_REQUESTS, content_type=FORM)

    with slow_visitors(small_site.url, [forwarded(bodies, "203.0.113.9")]):
        wait_until(lambda: status_for(small_site.url, "203.0.113.9").status_code == 429)
        refused = status_for(small_site.url, "203.0.113.9", "/api/videos")
        others = status_for(small_site.url, "203.0.113.10")

    assert refused.json()["error"] == "RATE_LIMIT_REACHED"
    assert "Try again" in refused.json()["message"]
    assert refused.headers["Retry-After"]
    assert others.status_code == 200


def test_w49_addresses_of_one_line_count_as_one(small_site: Site) -> None:
    """Whoever has one address of IPv6 has 2 to the power of 64."""
    bodies = unfinished_bodies("/login/", MOST_REQUESTS, content_type=FORM)

    with slow_visitors(small_site.url, [forwarded(bodies, "2001:db8:1:2:3:4:5:6")]):
        wait_until(lambda: status_for(small_site.url, "2001:db8:1:2::7").status_code == 429)
        other_line = status_for(small_site.url, "2001:db8:1:3::7")

    assert other_line.status_code == 200


def test_w49_uploads_of_one_address_leave_threads_of_the_engine_to_others(small_site: Site) -> None:
    forms = unfinished_bodies("/assemblies", MOST_UPLOADS, content_type=PARTS, size_bytes=LONG_BYTES)

    def create(address: str) -> httpx.Response:
        headers, fields = {"X-Forwarded-For": address}, {"params": "{}", "own": "x" * LONG_BYTES}
        return httpx.post(f"{small_site.engine_url}/assemblies", headers=headers, data=fields)

    with slow_visitors(small_site.engine_url, [forwarded(forms, "203.0.113.9")]):
        wait_until(lambda: create("203.0.113.9").status_code == 429)
        refused, other = create("203.0.113.9"), create("203.0.113.10")

    assert refused.json()["info"]["retryIn"]
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert other.status_code == 400


def test_t60_forms_of_strangers_keep_nobody_from_creating_and_sending(site: Site) -> None:
    """They come from this machine, whose addresses are not counted, and none was signed yet."""
    short = unfinished_bodies("/assemblies", 150, content_type=PARTS)
    long = unfinished_bodies("/assemblies", 150, content_type=PARTS, size_bytes=LONG_BYTES)
    assemblies, uploads = f"{site.engine_url}/assemblies", f"{site.engine_url}/resumable/files/"

    def create(**own: str) -> httpx.Response:
        return httpx.post(assemblies, data={"params": "{}", **own}, timeout=PATIENCE_SECONDS)

    with slow_visitors(site.engine_url, [short, long]):
        wait_until(lambda: create(own="x" * LONG_BYTES).status_code == 429)
        created = create()
        sent = httpx.patch(f"{uploads}{'0' * 32}_{'0' * 32}", headers=TUS, content=b"meow")

    assert (created.status_code, created.json()["error"]) == (400, "NO_AUTH_PARAMETER")
    assert sent.status_code == 404


def test_w49_connections_of_one_address_are_bounded_before_they_say_a_word(tmp_path: Path) -> None:
    own_address = address_of_this_machine()
    settings = {"HOST": "0.0.0.0", "ALLOWED_HOSTS": own_address, "MAX_REQUESTS_PER_ADDRESS": "10"}
    site = start_site(tmp_path / "data", **settings)
    try:
        outside = site.url.replace("127.0.0.1", own_address)
        with slow_visitors(outside, [silent(21)], sources=[own_address]) as visitors:
            wait_until(lambda: still_waiting(visitors) == 20)
            assert answers(site.url)
    finally:
        site.stop()


def address_of_this_machine() -> str:
    """One that is not loopback; skips where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        return str(probe.getsockname()[0])


@pytest.mark.parametrize(
    ("fixture", "seen"),
    [("site", "127.0.0.1"), ("small_site", "203.0.113.9")],
    ids=["direct", "behind a proxy"],
)
def test_w51_visitor_is_at_the_address_of_the_connection_or_of_a_trusted_proxy(
    request: pytest.FixtureRequest, fixture: str, seen: str
) -> None:
    site: Site = request.getfixturevalue(fixture)
    lies = {"X-Real-IP": "198.51.100.1", "X-Forwarded-For": "198.51.100.2, 203.0.113.9"}

    with httpx.Client(headers=lies, follow_redirects=True, timeout=PATIENCE_SECONDS) as client:
        sign_in(site, client)
        client.get(f"{site.url}/settings/")

    assert site.run(ADDRESS).strip() == seen


def test_w51_header_that_gunicorn_believes_from_its_socket_does_not_come_from_a_visitor(site: Site) -> None:
    """With this one gunicorn would take the address for one below /cat, and fail."""
    for url in (site.url, site.engine_url):
        answer = httpx.get(f"{url}/healthz", headers={"SCRIPT_NAME": "/cat"}, timeout=PATIENCE_SECONDS)

        assert answer.status_code == 200


def child_running(pid: int, words: str) -> int:
    """The child of a process whose command line has these words."""
    return next(child for child in children(pid) if words in " ".join(arguments(child)))


def test_w22_poll_while_the_engine_is_away_is_told_to_come_again(site: Site) -> None:
    way_to_it = site.data / "front" / "engine.sock"
    poll = f"{site.engine_url}/assemblies/{'0' * 32}"

    way_to_it.rename(way_to_it.with_suffix(".away"))
    polled, created = httpx.get(poll), httpx.post(f"{site.engine_url}/assemblies")
    way_to_it.with_suffix(".away").rename(way_to_it)

    assert [answer.status_code for answer in (polled, created)] == [429, 503]
    assert polled.json()["info"]["retryIn"]
    assert "being started" in created.json()["message"]
    assert httpx.get(poll).status_code == 404


def test_w22_page_that_listens_while_the_engine_is_away_connects_again(site: Site) -> None:
    """W22: other answers close an EventSource for good, and Uppy has ended its polling by then."""
    way_to_it = site.data / "front" / "engine.sock"

    way_to_it.rename(way_to_it.with_suffix(".away"))
    answer = httpx.get(f"{site.engine_url}/events?assembly={'0' * 32}")
    way_to_it.with_suffix(".away").rename(way_to_it)

    assert (answer.status_code, answer.text) == (200, "retry: 1000\n\n")
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("words", "room"), [("nginx", "url"), ("app:app", "engine_url"), ("wsgi", "url")])
def test_w52_part_that_is_killed_comes_back(site: Site, words: str, room: str) -> None:
    address = getattr(site, room)
    killed = child_running(site.process.pid, words)
    workers = children(killed)

    os.kill(killed, signal.SIGKILL)

    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    wait_until(lambda: answers(address))
    assert child_running(site.process.pid, words) != killed


def test_w52_site_that_was_killed_leaves_nothing_in_the_way_of_the_next(tmp_path: Path) -> None:
    site = start_site(tmp_path / "data")
    parts = children(site.process.pid)
    everything = parts + [worker for part in parts for worker in children(part)]

    site.process.kill()
    site.process.wait()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in everything))
    # Nobody had the time to tidy up if it was killed too: a socket that nobody listens on.
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(site.data / "front" / "site-visitors.sock"))

    ports = {
        "WEB_PORT": site.url.rpartition(":")[2],
        "WORKER_PORT": site.engine_url.rpartition(":")[2],
    }
    following = start_site(site.data, **ports)
    try:
        assert answers(site.url)
        assert answers(site.engine_url)
    finally:
        following.stop()
    assert not answers(site.url)


def test_state_folder_with_a_long_name_has_its_sockets_elsewhere(tmp_path: Path) -> None:
    """The name of a socket has 107 bytes at most."""
    folder = tmp_path / ("cat" * 40)
    folder.mkdir()
    site = start_site(folder / "data")
    try:
        assert answers(site.url)
        assert answers(site.engine_url)
    finally:
        site.stop()


def test_w46_site_without_nginx_runs_and_says_what_is_missing(tmp_path: Path) -> None:
    """FRONT=missing is what `make run` tells the rooms; here there is no nginx that would do."""
    old = tmp_path / "bin" / "nginx"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'nginx version: nginx/1.18.0' >&2\n")
    old.chmod(0o755)
    site = start_site(tmp_path / "data", PATH=f"{old.parent}:{os.environ['PATH']}")
    try:
        assert "older than 1.25.5" in site.output
        assert "slow visitors" in site.get_json("/healthz")["degraded"]["front"]
    finally:
        site.stop()
