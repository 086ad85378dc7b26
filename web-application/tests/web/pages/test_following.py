"""What is new where a person follows, and whom they follow."""

from __future__ import annotations

import re

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client

from cattube.channels.models import Channel, Follow
from cattube.videos.models import Video

PUBLIC = {"visibility": "public", "status": "ready"}
TITLES = re.compile(r'class="card__link"[^>]*>([^<]*)<')


@pytest.fixture
def follows(bob: User, alice: User, make_video: MakeVideo) -> Follow:
    """bob follows alice, who has published three videos and shares two more with nobody or by link."""
    for title, fields in (
        ("One", PUBLIC),
        ("Two", PUBLIC),
        ("Secret", {**PUBLIC, "visibility": "private"}),
        ("By link", {**PUBLIC, "visibility": "unlisted"}),
        ("Unready", {"visibility": "public"}),
        ("Three", PUBLIC),
    ):
        make_video(title=title, **fields)
    return Follow.objects.create(user=bob, channel=Channel.objects.get(owner=alice))


def titles(page: str) -> list[str]:
    return TITLES.findall(page)


def test_w172_all_that_is_new_where_one_follows_comes_in_pages(
    as_bob: Client, carol: User, make_video: MakeVideo, follows: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W172"""
    monkeypatch.setattr("cattube.web.pages.community.following.VIDEOS_PER_PAGE", 2)
    make_video(title="Of somebody else", owner=carol, **PUBLIC)

    first = as_bob.get("/following/").content.decode()
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link is not None
    make_video(title="Newer", **PUBLIC)
    second = as_bob.get(f"/following/{link.group(1)}").content.decode()

    assert (titles(first), titles(second)) == (["Three", "Two"], ["One"])
    assert 'rel="next"' not in second
    assert 'href="/following/">' in second
    assert titles(as_bob.get("/following/").content.decode())[0] == "Newer"


def test_w172_script_reads_the_same_in_pages(as_bob: Client, follows: Follow) -> None:
    """W172"""
    first = as_bob.get("/api/following/videos?limit=2").json()
    second = as_bob.get("/api/following/videos", {"limit": 2, "cursor": first["next"]}).json()
    channels = as_bob.get("/api/following").json()

    listed = [item["title"] for item in (*first["items"], *second["items"])]
    assert (listed, second["next"]) == (["Three", "Two", "One"], None)
    assert [(item["name"], item["followers"]) for item in channels["items"]] == [("alice", 0)]
    assert as_bob.get("/api/following?cursor=x").status_code == 400


@pytest.mark.parametrize("path", ["/following/", "/following/channels"])
def test_address_that_somebody_changed_leads_to_the_beginning(
    as_bob: Client, follows: Follow, path: str
) -> None:
    assert as_bob.get(f"{path}?cursor=x").headers["Location"] == path


@pytest.mark.parametrize("path", ["/following/", "/following/channels"])
def test_every_way_to_following_says_that_one_is_there(as_bob: Client, path: str) -> None:
    page = as_bob.get(path).content.decode()

    ways = re.findall(r'<a href="/following/"([^>]*)>', page)
    assert ways == [' aria-current="page"'] * 3


def test_person_unfollows_from_the_list(as_bob: Client, bob: User, follows: Follow) -> None:
    as_bob.put("/api/channels/alice/follow")
    before = as_bob.get("/following/channels").content.decode()

    after = as_bob.post("/following/channels", {"channel": "alice"}, follow=True).content.decode()

    assert 'name="channel" value="alice"' in before
    assert "You do not follow alice any more." in after
    assert "You follow nobody" in after
    assert not bob.follows.exists()


@pytest.mark.parametrize("name", ["nobody", "", "\x00", "carol"])
def test_unfollowing_whom_one_does_not_follow_changes_nothing(
    as_bob: Client, carol: User, follows: Follow, name: str
) -> None:
    page = as_bob.post("/following/channels", {"channel": name}, follow=True).content.decode()

    assert "any more" not in page
    assert Follow.objects.count() == 1


def test_d114_channel_in_which_nothing_is_shared_any_more_is_on_no_list(
    as_bob: Client, bob: User, follows: Follow
) -> None:
    """D114"""
    Video.objects.update(visibility="private")

    pages = [as_bob.get(path).content.decode() for path in ("/following/", "/following/channels")]

    assert as_bob.get("/api/following").json()["items"] == []
    assert not any("/channels/alice" in page for page in pages)
    as_bob.post("/following/channels", {"channel": "alice"})
    assert not bob.follows.exists()


def test_each_view_of_the_library_leads_to_the_others(
    as_bob: Client, client: Client, follows: Follow
) -> None:
    pages = [as_bob.get(path).content.decode() for path in ("/", "/following/", "/later/", "/playlists/")]

    for page in pages:
        tabs = page.split('aria-label="Library views"')[1].split("</nav>")[0]
        assert re.findall(r'href="([^"]+)"', tabs) == [
            "/",
            "/channel/",
            "/following/",
            "/later/",
            "/playlists/",
        ]
        assert tabs.count('aria-current="page"') == 1
    assert "Library views" in as_bob.get("/channel/", follow=True).content.decode()
    assert "Library views" not in client.get("/").content.decode()
    assert "See all" in pages[0]
