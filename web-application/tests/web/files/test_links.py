"""Local delivery: signed links, Range, types."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils.http import parse_http_date
from pytest_django import Settings
from statuses import ASSEMBLY_ID, OBJECT_BYTES

from cattube.processing.lifecycle.deletion import delete_forever
from cattube.storage import links
from cattube.videos.models import Asset, Video
from cattube.videos.trash import move_to_trash


@pytest.fixture
def link(as_alice: Client, ready_video: Video) -> str:
    return str(as_alice.get(f"/api/videos/{ready_video.pk}").json()["transcoded"])


def fetch(client: Client, link: str, **headers: str) -> Any:
    """The response with its `body` read, which closes its file too. If_Range means If-Range."""
    response: Any = client.get(link, headers={name.replace("_", "-"): text for name, text in headers.items()})
    response.body = b"".join(response)
    return response


def test_link_gives_the_whole_video_with_its_type(client: Client, link: str) -> None:
    response = fetch(client, link)

    assert (response.status_code, response["Content-Type"]) == (200, "video/mp4")
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    assert parse_http_date(response["Last-Modified"])
    assert response["Content-Length"] == str(len(OBJECT_BYTES))
    assert response.body == OBJECT_BYTES


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-99", 0, 99), ("bytes=1000-", 1000, 1023), ("bytes=-1", 1023, 1023), ("bytes=5-5", 5, 5)],
)
def test_range_gives_exactly_these_bytes_s05(
    client: Client, link: str, asked: str, first: int, last: int
) -> None:
    response = fetch(client, link, Range=asked)

    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/1024"
    assert response["Content-Length"] == str(last - first + 1)
    assert response.body == OBJECT_BYTES[first : last + 1]


def test_range_beyond_the_end_is_a_416_s05(client: Client, link: str) -> None:
    response = fetch(client, link, Range="bytes=1024-")

    assert (response.status_code, response["Content-Range"]) == (416, "bytes */1024")


def test_thousand_ranges_get_the_whole_video_once_s05(client: Client, link: str) -> None:
    response = fetch(client, link, Range="bytes=" + ",".join(["0-1023"] * 1000))

    assert (response.status_code, response.body) == (200, OBJECT_BYTES)


def test_range_of_a_changed_file_gets_it_whole_s05(client: Client, link: str) -> None:
    etag = fetch(client, link)["ETag"]

    same = fetch(client, link, Range="bytes=0-9", If_Range=etag)
    changed = fetch(client, link, Range="bytes=0-9", If_Range='"older"')

    assert (same.status_code, changed.status_code) == (206, 200)
    assert (same.body, changed.body) == (OBJECT_BYTES[:10], OBJECT_BYTES)


def test_known_file_is_not_sent_again(client: Client, link: str) -> None:
    etag = fetch(client, link)["ETag"]

    assert client.get(link, headers={"If-None-Match": f'"x", {etag}'}).status_code == 304


def test_head_tells_the_length_alone(client: Client, link: str) -> None:
    response: Any = client.head(link)
    response.close()

    assert (response.status_code, response["Content-Length"], b"".join(response)) == (200, "1024", b"")


def test_link_is_the_same_for_a_while_so_that_browsers_can_cache(
    as_alice: Client, ready_video: Video
) -> None:
    pages = {as_alice.get(f"/api/videos/{ready_video.pk}").json()["thumbnail"] for _ in range(3)}

    assert len(pages) <= 2  # two, when five minutes just ended


def test_link_lives_for_an_hour_at_most_s03(
    client: Client, link: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    now = time.time()
    lifetime = settings.LINK_LIFETIME.total_seconds()
    assert lifetime <= timedelta(hours=1).total_seconds()

    codes = []
    for passed in (0, lifetime * 0.9, lifetime + 1):
        monkeypatch.setattr("time.time", lambda passed=passed: now + passed)
        codes.append(fetch(client, link).status_code)

    assert codes == [200, 200, 403]


@pytest.mark.parametrize(
    ("part", "other"),
    [
        pytest.param("expires=", "expires=9", id="later"),
        pytest.param("signature=", "signature=0", id="signature"),
        pytest.param("watermarked/", "%3Aoriginal/", id="S03-guessed-key"),
        pytest.param("?", "?x=", id="no-expires"),
        pytest.param("signature=", "signature=é", id="not-ascii"),
    ],
)
def test_changed_link_is_refused_s03(client: Client, link: str, part: str, other: str) -> None:
    assert fetch(client, link.replace(part, other, 1)).status_code == 403


def test_link_of_another_video_does_not_open_this_one_s04(client: Client, link: str) -> None:
    climbing = link.replace("/watermarked/", "/thumbnail/..%2Fwatermarked/", 1)

    assert fetch(client, climbing).status_code == 404


def test_link_ends_when_the_video_becomes_private_s03(as_alice: Client, ready_video: Video) -> None:
    Video.objects.update(visibility="public")
    link = Client().get(f"/api/videos/{ready_video.pk}").json()["transcoded"]
    before = fetch(Client(), link).status_code

    Video.objects.update(visibility="private")

    assert (before, fetch(Client(), link).status_code) == (200, 403)


def test_link_ends_when_the_video_is_in_the_trash_s03(client: Client, ready_video: Video, link: str) -> None:
    move_to_trash(ready_video)
    assert fetch(client, link).status_code == 404


def test_link_ends_when_the_video_is_erased_s03(client: Client, ready_video: Video, link: str) -> None:
    delete_forever(ready_video)
    assert fetch(client, link).status_code == 404


def test_object_of_no_video_is_not_served_s06(client: Client, db: None, settings: Settings) -> None:
    folder = Path(settings.BUCKET_FOLDER) / "watermarked" / ASSEMBLY_ID
    folder.mkdir(parents=True)
    (folder / ".htaccess").write_text("x")

    link = links.site_url(f"watermarked/{ASSEMBLY_ID}/.htaccess", scope="public")

    assert fetch(client, link).status_code == 404


def test_object_that_is_lost_is_a_404_with_a_sentence(client: Client, link: str, settings: Settings) -> None:
    (Path(settings.BUCKET_FOLDER) / f"watermarked/{ASSEMBLY_ID}/cat.mp4").unlink()

    response = fetch(client, link)

    assert (response.status_code, response.json()["error"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "", "video/mp4; charset=x"])
def test_type_that_a_browser_could_run_is_only_downloaded_m07(
    client: Client, link: str, content_type: str
) -> None:
    Asset.objects.update(content_type=content_type)

    response = fetch(client, link)

    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == "attachment"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_links_of_another_site_are_void(client: Client, link: str, settings: Settings) -> None:
    settings.SECRET_KEY = "another"

    assert fetch(client, link).status_code == 403


def test_token_for_the_api_gets_links_that_need_no_token(
    client: Client, alice: User, ready_video: Video, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("create_token", "alice")
    token = capsys.readouterr().out.strip()

    video = client.get(f"/api/videos/{ready_video.pk}", headers={"Authorization": f"Bearer {token}"}).json()

    assert fetch(client, video["thumbnail"])["Content-Type"] == "image/jpeg"
