"""RSS feeds: what feed readers are told, which is what a guest finds."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from cattube.channels.models import Channel
from cattube.playlists.models import Playlist, PlaylistEntry
from cattube.videos.models import Asset, Video
from cattube.web.outward import feeds
from cattube.web.outward.feed_document import MEDIA_NAMESPACE, in_xml

PUBLIC = {"visibility": "public", "status": "ready"}
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": MEDIA_NAMESPACE,
}
# Of alice's channel and of a playlist of hers.
FEEDS = (
    "/feeds/videos.xml",
    "/feeds/search.xml?q=roof",
    "/feeds/channels/alice.xml",
    "/feeds/playlists/{playlist}.xml",
)


@pytest.fixture
def playlist(alice: User) -> Playlist:
    return Playlist.objects.create(owner=alice, title="Roofs", visibility="public")


def read(client: Client, path: str) -> ElementTree.Element:
    """The channel of a feed."""
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/rss+xml; charset=utf-8")
    root = ElementTree.fromstring(answer.content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    return channel


def texts(element: ElementTree.Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path, NAMES)]


def titles(client: Client, path: str) -> list[str]:
    return texts(read(client, path), "item/title")


def save(playlist: Playlist, *videos: Video) -> None:
    for position, video in enumerate(videos):
        PlaylistEntry.objects.create(playlist=playlist, video=video, position=position)


def test_w176_feed_reader_learns_of_a_new_video_in_a_channel(client: Client, make_video: MakeVideo) -> None:
    """W176"""
    video = make_video(**PUBLIC, description="One.\n\nTwo.", duration_seconds=83.4, width=1920, height=1080)
    video.set_tags(["cat", "roof"])
    Asset.objects.create(video=video, role="thumbnail", object_key="t/a/b.jpg", width=640, height=360)
    address = f"http://testserver/videos/{video.pk}"

    channel = read(client, "/feeds/channels/alice.xml")

    assert texts(channel, "title") == ["alice · CatTube"]
    assert texts(channel, "link") == ["http://testserver/channels/alice"]
    assert texts(channel, "description") == ["Videos of alice on CatTube."]
    (this,) = channel.findall("atom:link", NAMES)
    assert this.attrib == {"rel": "self", "href": "http://testserver/feeds/channels/alice.xml"}
    (item,) = channel.findall("item")
    assert (texts(item, "title"), texts(item, "link")) == (["Cat on a roof"], [address])
    (guid,) = item.findall("guid")
    assert (guid.text, guid.get("isPermaLink")) == (address, "true")
    assert texts(item, "dc:creator") == ["alice"]
    assert texts(item, "description") == ["<p>One.</p>\n\n<p>Two.</p>"]
    assert texts(item, "category") == ["cat", "roof"]
    (uploaded,) = texts(item, "pubDate")
    assert parsedate_to_datetime(uploaded) == video.uploaded_at.replace(microsecond=0)


def test_w176_feed_shows_the_video_by_addresses_that_stay(client: Client, make_video: MakeVideo) -> None:
    """W176"""
    video = make_video(**PUBLIC, duration_seconds=83.4, width=1920, height=1080)
    Asset.objects.create(video=video, role="thumbnail", object_key="t/a/b.jpg", width=640, height=360)

    (content,) = read(client, "/feeds/videos.xml").findall("item/media:content", NAMES)

    assert content.attrib == {"medium": "video", "duration": "83", "width": "1920", "height": "1080"}
    (player,) = content.findall("media:player", NAMES)
    assert player.attrib == {
        "url": f"http://testserver/embed/{video.pk}",
        "width": "640",
        "height": "360",
    }
    (still,) = content.findall("media:thumbnail", NAMES)
    assert still.get("url") == f"http://testserver/videos/{video.pk}/poster"
    assert texts(content, "media:title") == [video.title]
    # No file has an address that stays.
    assert "/files/" not in client.get("/feeds/videos.xml").content.decode()


def test_video_of_which_little_is_known_is_told_with_that(client: Client, make_video: MakeVideo) -> None:
    video = make_video(**PUBLIC)

    (item,) = read(client, "/feeds/videos.xml").findall("item")

    assert texts(item, "description") == ["<p>A video by alice on CatTube.</p>"]
    (content,) = item.findall("media:content", NAMES)
    assert content.attrib == {"medium": "video"}
    assert [part.tag.partition("}")[2] for part in content] == ["title", "player"]
    assert texts(item, "guid") == [f"http://testserver/videos/{video.pk}"]


def test_feed_has_the_newest_first_and_no_more_than_a_reader_keeps(
    client: Client, make_video: MakeVideo, playlist: Playlist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST_ENTRIES", 2)
    now = timezone.now()
    videos = [
        make_video(**PUBLIC, title=f"Roof {n}", uploaded_at=now - timedelta(days=9 - n)) for n in range(3)
    ]
    # Put into the playlist in another order than they are played in.
    save(playlist, videos[1], videos[2], videos[0])

    found = {path: titles(client, path.format(playlist=playlist.pk)) for path in FEEDS}

    assert found.pop("/feeds/playlists/{playlist}.xml") == ["Roof 0", "Roof 2"]
    assert set(map(tuple, found.values())) == {("Roof 2", "Roof 1")}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Roof of cats", "Roof", "Cellar"]),
        ("q=roof", ["Roof of cats", "Roof"]),
        ("q=roof&order=oldest", ["Roof of cats", "Roof"]),
        ("tag=cat", ["Roof of cats"]),
        ("channel=bob", ["Cellar"]),
        ("channel=nobody", []),
        ("length=long", ["Cellar"]),
        ("age=day", ["Roof of cats"]),
        ("q=roof&place=spoken", []),
        ("q=...", []),
        ("q=%00", ["Roof of cats", "Roof", "Cellar"]),
        ("length=x&cursor=x&limit=x", ["Roof of cats", "Roof", "Cellar"]),
        # Filters of one's own videos: guests have none.
        ("visibility=private&status=failed", ["Roof of cats", "Roof", "Cellar"]),
    ],
)
def test_w176_feed_of_a_search_has_the_filters_of_the_library(
    client: Client, make_video: MakeVideo, bob: User, query: str, found: list[str]
) -> None:
    """W176"""
    now = timezone.now()
    make_video(**PUBLIC, title="Cellar", owner=bob, duration_seconds=2000, uploaded_at=now - timedelta(9))
    make_video(**PUBLIC, title="Roof", duration_seconds=60, uploaded_at=now - timedelta(2))
    make_video(**PUBLIC, title="Roof of cats", duration_seconds=60).set_tags(["cat"])

    assert titles(client, f"/feeds/search.xml?{query}") == found


def test_feed_of_a_search_leads_to_the_search_and_to_itself(client: Client, db: None) -> None:
    channel = read(client, "/feeds/search.xml?q=%22a+%26%01b%22&tag=x&order=title&x=y")

    assert texts(channel, "title") == ['"a & b" · x · CatTube']
    assert texts(channel, "link") == ["http://testserver/?q=%22a+%26%01b%22&tag=x"]
    (this,) = channel.findall("atom:link", NAMES)
    assert this.get("href") == "http://testserver/feeds/search.xml?q=%22a+%26%01b%22&tag=x"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"visibility": "private"}, id="private"),
        pytest.param({"visibility": "unlisted"}, id="unlisted"),
        pytest.param({"status": "processing"}, id="processing"),
        pytest.param({"status": "failed"}, id="failed"),
        pytest.param({"trashed_at": timezone.now()}, id="trashed"),
    ],
)
@pytest.mark.parametrize("visitor", ["guest", "owner", "stranger", "staff"])
def test_d118_feed_tells_nobody_of_what_guests_do_not_find(
    as_alice: Client,
    as_bob: Client,
    as_carol: Client,
    make_video: MakeVideo,
    bob: User,
    playlist: Playlist,
    visitor: str,
    fields: dict[str, object],
) -> None:
    """D118"""
    clients = {"guest": Client(), "owner": as_alice, "stranger": as_bob, "staff": as_carol}
    # Of the owner of the playlist it may tell what is unlisted: that is shown on its page.
    hidden = make_video(**{**PUBLIC, **fields, "title": "Hidden roof"})
    of_bob = make_video(**{**PUBLIC, **fields, "title": "Hidden roof", "owner": bob})
    make_video(**PUBLIC, title="Roof")
    save(playlist, of_bob, *([] if fields == {"visibility": "unlisted"} else [hidden]))

    for path in FEEDS:
        answer = clients[visitor].get(path.format(playlist=playlist.pk))
        assert (answer.status_code, b"Hidden" in answer.content) == (200, False)
        assert hidden.pk.encode() not in answer.content
        assert of_bob.pk.encode() not in answer.content


def test_d118_feed_of_what_guests_do_not_see_is_not_there_even_for_its_owner(
    client: Client, as_alice: Client, make_video: MakeVideo, playlist: Playlist
) -> None:
    """D118"""
    make_video(**{**PUBLIC, "visibility": "unlisted"})
    Playlist.objects.update(visibility="private")

    for hidden, missing in (
        ("channels/alice", "channels/nobody"),
        (f"playlists/{playlist.pk}", "playlists/x-_x-_x-_x-"),
    ):
        answers = [one.get(f"/feeds/{name}.xml") for name in (hidden, missing) for one in (client, as_alice)]
        assert [answer.status_code for answer in answers] == [404] * 4
        # But for the way back after a login.
        of_hidden, of_missing = answers[0].content.decode(), answers[2].content.decode()
        assert of_hidden.replace(hidden, "") == of_missing.replace(missing, "")


def test_d118_feed_of_an_unlisted_playlist_is_for_those_who_have_its_link(
    client: Client, make_video: MakeVideo, playlist: Playlist
) -> None:
    """D118"""
    save(playlist, make_video(**{**PUBLIC, "visibility": "unlisted", "title": "By link"}))
    public = client.get(f"/feeds/playlists/{playlist.pk}.xml")
    Playlist.objects.update(visibility="unlisted")

    unlisted = client.get(f"/feeds/playlists/{playlist.pk}.xml")

    assert titles(client, f"/feeds/playlists/{playlist.pk}.xml") == ["By link"]
    assert ("X-Robots-Tag" in public, unlisted["X-Robots-Tag"]) == (False, "noindex")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("]]> & <b>Cat</b> &amp; 'q' \"q\"", "]]> & <b>Cat</b> &amp; 'q' \"q\""),
        ("Cat 🐈\u200d⬛ Ü 猫", "Cat 🐈\u200d⬛ Ü 猫"),
        ("a\x01b\x0bc\x1fd\ufffee\uffff", "a b c d e "),
        ("a\x7f\x85b\U0001fffe", "a\x7f\x85b\U0001fffe"),
    ],
)
def test_d119_every_text_is_text_in_a_feed_that_can_be_read(
    client: Client, make_video: MakeVideo, playlist: Playlist, title: str, shown: str
) -> None:
    """D119"""
    video = make_video(**PUBLIC, title=title, description=title)
    video.set_tags([title])
    Channel.objects.update(about=title)
    Playlist.objects.update(title=title)
    save(playlist, video)

    channel = read(client, "/feeds/channels/alice.xml")

    assert texts(channel, "item/title") == texts(channel, "item/media:content/media:title") == [shown]
    assert texts(channel, "item/category") == [shown]
    assert texts(channel, "description")[0].split() == shown.split()
    assert texts(read(client, f"/feeds/playlists/{playlist.pk}.xml"), "title") == [f"{shown} · CatTube"]


def test_d119_characters_that_xml_forbids_become_spaces_in_every_field() -> None:
    """D119: not every database keeps all of them."""
    forbidden = "\x00\x08\x0b\x1f\ud800\udfff\ufffe\uffff"
    allowed = "\t\n\r \x7f\ud7ff\ue000\ufffd\U00010000\U0010ffff"

    assert in_xml({"a": forbidden, "b": [f"x{allowed}"], "c": None}) == {
        "a": " " * 8,
        "b": [f"x{allowed}"],
        "c": None,
    }


def test_d119_no_description_runs_in_a_feed_reader(client: Client, make_video: MakeVideo) -> None:
    """D119: readers take it for HTML."""
    make_video(**PUBLIC, description="<script>alert(1)</script> <img src=x onerror=y> & more")

    (description,) = texts(read(client, "/feeds/videos.xml"), "item/description")

    assert description == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=y&gt; &amp; more</p>"
    )


def test_long_descriptions_do_not_make_a_feed_of_megabytes(client: Client, make_video: MakeVideo) -> None:
    make_video(**PUBLIC, description="x" * 10_000)

    (description,) = texts(read(client, "/feeds/videos.xml"), "item/description")

    assert description.endswith("x…</p>")
    assert len(description) < 2100


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_w176_reader_that_has_the_feed_is_told_so_until_something_changes(
    client: Client, make_video: MakeVideo, method: str
) -> None:
    """W176"""
    video = make_video(**PUBLIC)
    other = make_video(**PUBLIC)
    first = client.generic(method, "/feeds/channels/alice.xml")

    again = client.generic(method, "/feeds/channels/alice.xml", headers={"If-None-Match": first["ETag"]})
    Video.objects.filter(pk=video.pk).update(visibility="private")
    changed = client.generic(method, "/feeds/channels/alice.xml", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert again["ETag"] == first["ETag"] != changed["ETag"]
    assert {one["Cache-Control"] for one in (first, again, changed)} == {"public, max-age=300"}
    assert not again.content
    assert "Cookie" not in first.get("Vary", "")
    assert other.pk in client.get("/feeds/channels/alice.xml").content.decode()


def test_feed_without_videos_stays_the_same(client: Client, db: None) -> None:
    tag = client.get("/feeds/search.xml?q=dog")["ETag"]

    assert titles(client, "/feeds/search.xml?q=dog") == []
    assert client.get("/feeds/search.xml?q=dog", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(("path", "most"), [*zip(FEEDS, (4, 6, 5, 4), strict=True)])
def test_feed_costs_few_queries(
    client: Client,
    make_video: MakeVideo,
    playlist: Playlist,
    path: str,
    most: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    videos = [make_video(**PUBLIC) for _ in range(5)]
    save(playlist, *videos)
    for video in videos:
        video.set_tags(["cat", "roof"])
        Asset.objects.create(video=video, role="thumbnail", object_key=f"t/{video.pk}/b.jpg")

    with django_assert_max_num_queries(most):
        assert len(titles(client, path.format(playlist=playlist.pk))) == 5


def test_feed_takes_no_forms(client: Client, db: None) -> None:
    assert client.post("/feeds/videos.xml").status_code == 405


def test_feed_knows_the_site_by_the_address_that_its_operator_set(
    client: Client, make_video: MakeVideo, settings: Settings
) -> None:
    settings.SITE_URL = "https://testserver"
    video = make_video(**PUBLIC)

    channel = read(client, "/feeds/videos.xml")

    assert texts(channel, "item/guid") == [f"https://testserver/videos/{video.pk}"]
    assert texts(channel, "link") == ["https://testserver/"]


def test_channel_with_a_picture_has_it_in_its_feed(client: Client, make_video: MakeVideo) -> None:
    make_video(**PUBLIC)
    Channel.objects.update(picture_version="abc")

    channel = read(client, "/feeds/channels/alice.xml")

    assert texts(channel, "image/url") == ["http://testserver/channels/alice/picture?v=abc"]
    assert texts(channel, "image/title") == texts(channel, "title")
    assert texts(channel, "image/link") == texts(channel, "link")
