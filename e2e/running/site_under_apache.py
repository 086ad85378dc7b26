"""The whole site under Apache: the site in mod_wsgi, the engine behind it.

Named so that only `make test-apache` runs it, which has a Python for Apache in CATTUBE_TEST_APACHE_PYTHON.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from e2e.api_client import ApiClient, api_client
from e2e.engine import Engine
from e2e.forms import sign_in
from e2e.media.clips import make_noisy_clip
from e2e.running.front.test_sent_files import (  # noqa: F401  promises that Apache keeps as nginx does
    ask,
    assert_answered_alike,
    bare_site,
    films,
    results,
    test_w48_file_of_any_name_is_sent_by_the_front,
    test_w48_results_of_the_engine_are_answered_alike,
    test_w48_what_is_between_front_and_rooms_opens_nothing_to_visitors,
)
from e2e.site import Site, processes_using, start_site
from e2e.slow_visitors import paused_players, slow_visitors
from e2e.stored_videos import add_video
from e2e.uploading.test_first_video import (  # noqa: F401
    test_dropped_video_uploads_processes_and_plays_without_reload,
)
from servers.processes import leash

PYTHON = os.environ["CATTUBE_TEST_APACHE_PYTHON"]
USER = "www-data"
PATIENCE_SECONDS = 60
# So many that they are two minutes on their way at two a second.
FORM_BYTES = 240
LAST_ADDRESS = """
from cattube.accounts.models import LoginSession
print(LoginSession.objects.order_by("-last_seen_at").first().address)
"""


@contextmanager
def site_under_apache(**settings: str) -> Iterator[Site]:
    """A site of its own. If we are root it runs as another user, to whom a test's own folder is shut."""
    user = USER if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="cattube-apache-"))
    try:
        if user:
            shutil.chown(home, user)
        python = [*leash(user), PYTHON]
        running = start_site(home / "data", python=python, FRONT="apache", HOME=str(home), **settings)
        try:
            if user:
                make_folder_of_videos(running, user)
            yield running
        finally:
            if running.process.poll() is None:
                running.stop()
    finally:
        shutil.rmtree(home)


def make_folder_of_videos(site: Site, user: str) -> None:
    """Else it would be ours, with the first file that a test puts there."""
    for folder in (site.data / "bucket", site.data / "bucket" / "watermarked"):
        folder.mkdir(exist_ok=True)
        shutil.chown(folder, user)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """In the place of the one that all browser tests share."""
    with site_under_apache() as running:
        yield running


@pytest.fixture(scope="module")
def api(site: Site) -> ApiClient:
    return api_client(site)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Range": "bytes=0-99"},
        {"Range": "bytes=-1"},
        {"Range": "bytes=cat"},
        {"Range": "bytes=0-0,2-2"},
        {"If_None_Match": '"another"'},
        {"If_Range": "{etag}", "Range": "bytes=0-9"},
        {"If_Range": '"another"', "Range": "bytes=0-9"},
    ],
    ids=str,
)
def test_w48_files_are_answered_alike_by_apache_and_by_the_site(
    site: Site,
    bare_site: Site,  # noqa: F811  the fixture
    films: dict[str, str],  # noqa: F811
    method: str,
    headers: dict[str, str],
) -> None:
    assert_answered_alike((site, bare_site), films, method, headers)


def test_w48_file_that_the_client_has_and_bytes_beyond_its_end_are_not_sent_by_apache(
    site: Site,
    films: dict[str, str],  # noqa: F811
) -> None:
    _, facts, _ = ask(site.url, films[site.url])

    unchanged = ask(site.url, films[site.url], If_None_Match=facts["etag"])
    beyond = ask(site.url, films[site.url], Range="bytes=1024-")

    assert (unchanged[0], unchanged[2], beyond[0], beyond[2]) == (304, b"", 416, b"")
    assert beyond[1]["content-range"] == "bytes */1024"


def test_d57_paused_players_keep_nobody_from_the_pages(site: Site) -> None:
    film = add_video(site, os.urandom(6_000_000))

    with slow_visitors(site.url, [paused_players(film, 200)]) as visitors:
        assert httpx.get(f"{site.url}/login/", timeout=PATIENCE_SECONDS).status_code == 200
        assert all(visitor.recv(1) for visitor in visitors)


def test_w94_body_of_untold_length_reaches_the_site(site: Site, api: ApiClient) -> None:
    document = json.dumps({"title": "Sent in pieces"}).encode()
    headers = {"Authorization": f"Bearer {api.token}", "Content-Type": "application/json"}

    made = httpx.post(f"{site.url}/api/uploads", content=iter([document[:9], document[9:]]), headers=headers)

    assert made.status_code == 201, made.text
    assert made.json()["video"]["title"] == "Sent in pieces"


def test_w95_bytes_of_a_file_of_many_gigabytes_reach_the_engine_while_they_come(
    site: Site, api: ApiClient
) -> None:
    size_bytes = 6_000_000_000
    options = api.call("POST", "/uploads", title="Long", size_bytes=size_bytes)["assembly"]
    form = {name: options[name] for name in ("params", "signature")} | {"num_expected_upload_files": "1"}
    status = httpx.post(f"{site.engine_url}/assemblies", data=form).json()
    address = urlsplit(Engine(site.engine_url, 0).create_upload(status, "long.mp4", size_bytes))

    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE_SECONDS) as sender:
        sender.sendall(patch_head(address.path, size_bytes) + bytes(200_000))
        asked = httpx.head(address.geturl(), headers={"Tus-Resumable": "1.0.0"}, timeout=PATIENCE_SECONDS)

    assert int(asked.headers["Upload-Offset"]) > 0


def patch_head(path: str, size_bytes: int) -> bytes:
    lines = [
        f"PATCH {path} HTTP/1.1",
        "Host: localhost",
        "Tus-Resumable: 1.0.0",
        "Upload-Offset: 0",
        "Content-Type: application/offset+octet-stream",
        f"Content-Length: {size_bytes}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def test_w74_body_that_comes_byte_by_byte_is_cut_off_before_the_engine() -> None:
    with site_under_apache(UPLOAD_STALL_SECONDS="1") as site:
        address = urlsplit(site.engine_url)
        with socket.create_connection((address.hostname, address.port), timeout=PATIENCE_SECONDS) as sender:
            sender.sendall(form_head("/assemblies", FORM_BYTES))
            sent_bytes = bytes_sent_until_cut(sender, FORM_BYTES, pause_seconds=0.5)

        assert sent_bytes < FORM_BYTES
        assert httpx.get(f"{site.engine_url}/healthz", timeout=PATIENCE_SECONDS).status_code == 200


def form_head(path: str, size_bytes: int) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {size_bytes}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def bytes_sent_until_cut(sender: socket.socket, size_bytes: int, *, pause_seconds: float) -> int:
    """Send byte by byte until the server answers or closes; the number of bytes."""
    for sent_bytes in range(size_bytes):
        if select.select([sender], [], [], pause_seconds)[0]:
            return sent_bytes
        sender.sendall(b"a")
    return size_bytes


def test_w95_states_of_a_video_arrive_while_it_is_uploaded(
    site: Site, api: ApiClient, tmp_path: Path
) -> None:
    clip = make_noisy_clip(tmp_path / "snow.mp4")
    begun = api.begin_upload(clip)
    events = f"{site.url}/api/videos/{begun.video_id}/events"
    headers = {"Authorization": f"Bearer {api.token}"}

    with httpx.stream("GET", events, headers=headers, timeout=PATIENCE_SECONDS) as answer:
        words = answer.iter_lines()
        first = next(word for word in words if word.startswith("data: "))
        begun.engine.send(begun.address, clip)
        last = [word for word in words if word.startswith("data: ")][-1]

    assert json.loads(first[6:])["status"] != "ready"
    assert json.loads(last[6:])["status"] == "ready"
    api.call("DELETE", f"/videos/{begun.video_id}?permanent=true")


def test_w51_visitor_under_apache_is_at_the_address_of_the_connection(site: Site) -> None:
    lies = {"X-Real-IP": "198.51.100.1", "X-Forwarded-For": "198.51.100.2", "SCRIPT_NAME": "/cat"}

    with httpx.Client(headers=lies, follow_redirects=True, timeout=PATIENCE_SECONDS) as client:
        sign_in(site, client)
        client.get(f"{site.url}/settings/")
        engine = client.get(f"{site.engine_url}/healthz")

    assert site.run(LAST_ADDRESS).strip() == "127.0.0.1"
    assert engine.status_code == 200


def test_d58_site_under_apache_ends_whole_although_somebody_watches_a_video(tmp_path: Path) -> None:
    with site_under_apache() as site:
        api = api_client(site)
        video = api.call("POST", "/uploads", title="Waiting", size_bytes=1000)["video"]["id"]
        headers = {"Authorization": f"Bearer {api.token}"}
        events = f"{site.url}/api/videos/{video}/events"
        with httpx.stream("GET", events, headers=headers, timeout=PATIENCE_SECONDS) as answer:
            words = answer.iter_lines()
            assert next(words)

            ended = site.stop()

        assert ended == 0
        assert processes_using(site.data) == {}
