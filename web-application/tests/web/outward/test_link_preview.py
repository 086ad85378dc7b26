"""What other sites and search engines read in a page, and what they do not."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from cattube.playlists.models import Playlist
from cattube.playlists.playlists import add_video
from cattube.videos.models import Asset, Video

DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
TITLE = "</script><!-- \u2028 \u2029 “Cats” & 'dogs' \" ]]>"


class HeadReader(HTMLParser):
    """meta: content by name. links: href by rel."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self.meta[values.get("property") or values.get("name", "")] = values.get("content", "")
        if tag == "link":
            self.links[values["rel"]] = values["href"]


def head_of(client: Client, path: str) -> HeadReader:
    return HeadReader(client.get(path).content.decode())


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    fields = {"description": "Two cats\n\nand a roof", "duration_seconds": 93.4, "views": 7}
    made = make_video(visibility="public", status="ready", width=1080, height=1920, **fields)
    Asset.objects.create(video=made, role="thumbnail", object_key="thumbnail/a/b.jpg", width=360, height=640)
    return made


def test_w170_link_to_a_video_has_title_picture_and_player(client: Client, video: Video) -> None:
    """W170"""
    head = head_of(client, f"/videos/{video.pk}?t=83")

    address = f"http://testserver/videos/{video.pk}"
    assert head.links["canonical"] == head.meta["og:url"] == address
    assert (head.meta["og:title"], head.meta["description"]) == ("Cat on a roof", "Two cats and a roof")
    assert (head.meta["og:image"], head.meta["og:image:width"]) == (f"{address}/poster", "360")
    assert head.meta["twitter:card"] == "player"
    assert head.meta["twitter:player"] == f"http://testserver/embed/{video.pk}"
    assert (head.meta["og:video:width"], head.meta["og:video:height"]) == ("360", "640")
    assert client.get(head.links["alternate"]).json()["title"] == "Cat on a roof"
    assert "robots" not in head.meta


def test_w170_search_engine_reads_what_a_video_is(client: Client, video: Video) -> None:
    """W170"""
    document = data_in(client.get(f"/videos/{video.pk}").content.decode())

    assert (document["@type"], document["name"]) == ("VideoObject", video.title)
    assert document["duration"] == "PT93S"
    assert document["thumbnailUrl"] == [f"http://testserver/videos/{video.pk}/poster"]
    assert document["uploadDate"] == video.uploaded_at.isoformat()
    assert document["interactionStatistic"]["userInteractionCount"] == 7


def test_d115_no_title_leaves_its_place_in_the_page(client: Client, video: Video) -> None:
    """D115"""
    Video.objects.update(title=TITLE, description=TITLE)

    page = client.get(f"/videos/{video.pk}").content.decode()

    assert data_in(page)["name"] == TITLE
    assert not {"<", "\u2028", "\u2029"} & set(DATA.findall(page)[0])
    assert HeadReader(page).meta["og:title"] == TITLE
    code = re.search(r'id="share-embed"[^>]*value="([^"]*)"', page)
    assert code is not None
    assert html.escape(TITLE) in html.unescape(code.group(1))


def test_w171_unlisted_video_is_shown_by_its_link_and_found_by_nobody(client: Client, video: Video) -> None:
    """W171"""
    Video.objects.update(visibility="unlisted")

    page = client.get(f"/videos/{video.pk}").content.decode()

    assert HeadReader(page).meta["robots"] == "noindex"
    assert HeadReader(page).meta["og:title"] == "Cat on a roof"
    assert not DATA.findall(page)


def test_d114_private_video_has_no_preview_even_for_its_owner(as_alice: Client, video: Video) -> None:
    """D114"""
    Video.objects.update(visibility="private")

    page = as_alice.get(f"/videos/{video.pk}").content.decode()

    assert "og:" not in page
    assert not DATA.findall(page)


@pytest.mark.parametrize("status", ["uploading", "processing", "failed"])
def test_video_without_a_picture_yet_has_its_title(client: Client, video: Video, status: str) -> None:
    Video.objects.update(status=status)

    head = head_of(client, f"/videos/{video.pk}")

    assert (head.meta["og:title"], head.meta["twitter:card"]) == ("Cat on a roof", "summary")
    assert "og:image" not in head.meta


def test_addresses_begin_as_the_operator_says(client: Client, video: Video, settings: Settings) -> None:
    settings.SITE_URL = "https://testserver"  # whose proxy does not say that it ended TLS

    page = client.get(f"/videos/{video.pk}").content.decode()

    assert HeadReader(page).meta["og:url"] == f"https://testserver/videos/{video.pk}"
    assert f'value="https://testserver/videos/{video.pk}"' in page
    assert "http://testserver" not in page


def test_channels_and_shared_playlists_have_a_preview(
    client: Client, as_alice: Client, alice: User, video: Video
) -> None:
    playlist = Playlist.objects.create(owner=alice, title="Roofs", visibility="unlisted")
    add_video(playlist, video)

    channel, shared = head_of(client, "/channels/alice"), head_of(client, f"/playlists/{playlist.pk}")
    Playlist.objects.update(visibility="private")
    private = head_of(as_alice, f"/playlists/{playlist.pk}")

    assert (channel.meta["og:title"], channel.meta["og:type"]) == ("alice", "profile")
    assert (shared.meta["og:title"], shared.meta["robots"]) == ("Roofs", "noindex")
    assert shared.meta["og:image"].endswith(f"/videos/{video.pk}/poster")
    assert "og:title" not in private.meta


def data_in(page: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(DATA.findall(page)[0])
    return document
