"""What crawlers and devices are told: robots.txt, sitemaps, and the manifest."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from cattube.web.outward import sitemap

PUBLIC = {"visibility": "public", "status": "ready"}


def addresses_in(client: Client, path: str) -> list[str]:
    root = ElementTree.fromstring(client.get(path).content)
    return [place.text or "" for place in root.iter(f"{{{sitemap.NAMESPACE}}}loc")]


def all_addresses(client: Client) -> list[str]:
    files = addresses_in(client, "/sitemap.xml")
    return [place for file in files for place in addresses_in(client, file.removeprefix("http://testserver"))]


def test_w175_sitemaps_lead_to_all_that_is_public(
    client: Client, make_video: MakeVideo, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W175"""
    monkeypatch.setattr(sitemap, "ADDRESSES_PER_FILE", 2)
    videos = [make_video(**PUBLIC) for _ in range(3)]

    robots = client.get("/robots.txt").content.decode()
    found = all_addresses(client)

    assert "Sitemap: http://testserver/sitemap.xml" in robots
    assert found == [
        *(f"http://testserver/videos/{video.pk}" for video in videos),
        "http://testserver/channels/alice",
    ]
    assert all(client.get(place.removeprefix("http://testserver")).status_code == 200 for place in found)


def test_d114_sitemaps_tell_nobody_of_what_is_not_public(
    client: Client, as_alice: Client, make_video: MakeVideo
) -> None:
    """D114"""
    for fields in (
        {**PUBLIC, "visibility": "private"},
        {**PUBLIC, "visibility": "unlisted"},
        {"visibility": "public", "status": "processing"},
    ):
        make_video(**fields)
    gone = make_video(**PUBLIC)
    as_alice.post(f"/videos/{gone.pk}/delete")

    for visitor in (client, as_alice):
        assert all_addresses(visitor) == []
        assert addresses_in(visitor, "/sitemaps/videos-1.xml") == []
        assert addresses_in(visitor, "/sitemaps/channels-1.xml") == []


@pytest.mark.parametrize("name", ["videos-0", "people-1", "videos-99999999999999999999", "videos"])
def test_sitemap_that_there_is_not_is_not_found(client: Client, db: None, name: str) -> None:
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404


def test_no_page_that_is_to_be_found_is_closed_to_crawlers(client: Client, make_video: MakeVideo) -> None:
    video = make_video(**PUBLIC)
    closed = re.findall(r"^Disallow: (.+)$", client.get("/robots.txt").content.decode(), re.MULTILINE)

    for path in (
        "/",
        f"/videos/{video.pk}",
        f"/videos/{video.pk}/poster",
        "/channels/alice",
        "/oembed?url=x",
        "/feeds/videos.xml",
        "/feeds/channels/alice.xml",
    ):
        assert not any(path.startswith(prefix) for prefix in closed)
    assert all(path.startswith(tuple(closed)) for path in ("/?q=cat", "/feeds/search.xml?q=cat"))


def test_device_shows_the_site_by_its_name_and_icon(client: Client, db: None, settings: Settings) -> None:
    settings.SITE_NAME = "Roof “films”"

    answer = client.get("/manifest.webmanifest")

    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (answer.json()["name"], answer.json()["start_url"]) == ("Roof “films”", "/")
    assert {icon["sizes"] for icon in answer.json()["icons"]} == {"any", "512x512"}
    assert '<link rel="manifest" href="/manifest.webmanifest">' in client.get("/").content.decode()
