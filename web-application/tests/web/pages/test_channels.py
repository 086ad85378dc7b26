"""Channels: a page of each person, followed by others and changed by its owner."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string
from pytest_django import DjangoAssertNumQueries

from cattube.captions.models import CaptionTrack
from cattube.channels.models import Channel, Follow
from cattube.videos.models import Video


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(visibility="public", status="ready")


def change(client: Client, name: str, /, **changes: Any) -> Any:
    return client.patch(f"/api/channels/{name}", json.dumps(changes), "application/json")


def test_channel_shows_what_its_owner_shows(
    client: Client, as_alice: Client, video: Video, make_video: MakeVideo
) -> None:
    make_video(title="For friends", visibility="unlisted", status="ready")
    make_video(title="For me", visibility="private", status="ready")
    change(as_alice, "alice", about="Slow films <b>about</b> cats")

    pages = [one.get("/channels/alice").content.decode() for one in (client, as_alice)]

    titles = ("For friends", "For me")
    assert [[title in page for title in titles] for page in pages] == [[False, False], [True, True]]
    assert all("Slow films &lt;b&gt;about&lt;/b&gt; cats" in page for page in pages)
    assert 'href="/channels/alice"' in client.get("/").content.decode()
    assert 'href="/channels/alice"' in client.get(f"/videos/{video.pk}").content.decode()
    assert client.get(f"/api/videos/{video.pk}").json()["channel"] == "alice"


@pytest.mark.parametrize("path", ["/channels/{}", "/api/channels/{}"])
def test_channel_in_which_nothing_is_shared_is_not_there_w106(
    client: Client, as_bob: Client, as_alice: Client, make_video: MakeVideo, path: str
) -> None:
    """W106"""
    hidden = make_video(visibility="unlisted", status="ready")

    answers = [one.get(path.format("alice")).status_code for one in (client, as_bob, as_alice)]

    assert answers == [404, 404, 200]
    assert client.get(path.format("nobody")).status_code == 404
    assert client.get(path.format("%00")).status_code == 404
    assert "/channels/alice" not in client.get(f"/videos/{hidden.pk}").content.decode()


def test_w125_link_of_an_unlisted_video_tells_no_channel(
    client: Client, as_bob: Client, as_alice: Client, bob: User, make_video: MakeVideo
) -> None:
    """W125"""
    make_video(owner=bob)  # so that his library is not empty
    change(as_alice, "alice", name="roofs")
    hidden = make_video(visibility="unlisted", status="ready", duration_seconds=60)
    as_bob.put(f"/api/videos/{hidden.pk}/position", '{"seconds": 9}', "application/json")

    told = [one.get(f"/api/videos/{hidden.pk}").json()["channel"] for one in (client, as_bob, as_alice)]
    library = as_bob.get("/").content.decode()

    assert told == [None, None, "roofs"]
    assert "Continue watching" in library
    assert "/channels/roofs" not in library
    assert "/channels/roofs" in as_alice.get("/").content.decode()


def test_person_follows_a_channel_once_and_stops_to(as_bob: Client, as_alice: Client, video: Video) -> None:
    path = "/api/channels/alice/follow"

    answers = [as_bob.put(path), as_bob.put(path), as_bob.delete(path), as_bob.delete(path)]

    assert [answer.json() for answer in answers] == [{"followers": n} for n in (1, 1, 0, 0)]
    assert as_alice.put(path).status_code == 403


def test_person_follows_without_a_script_and_stays_on_the_page(as_bob: Client, video: Video) -> None:
    form = {"follows": "1", "next": f"/videos/{video.pk}"}
    page = as_bob.post("/channels/alice/follow", form, follow=True)
    elsewhere = as_bob.post("/channels/alice/follow", {"follows": "0", "next": "https://evil.example/"})

    assert page.redirect_chain == [(f"/videos/{video.pk}", 302)]
    assert "1 follower" in page.content.decode()
    assert "Following" in page.content.decode()
    assert elsewhere.headers["Location"] == "/channels/alice"


@pytest.mark.parametrize(
    "back", ["foo", "library", "videos.html", "//evil.example", "/\\evil.example", "\n/"]
)
def test_w123_way_back_that_is_no_path_leads_to_the_channel(as_bob: Client, video: Video, back: str) -> None:
    """W123"""
    answer = as_bob.post("/channels/alice/follow", {"follows": "1", "next": back})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/channels/alice")


ENDS: list[tuple[str, str]] = [
    ("community.likes.shown_video_or_404", "/videos/{}/like"),
    ("community.channels._shown_or_404", "/channels/alice/follow"),
    ("captions.captions.own_video_or_404", "/videos/{}/captions/en/delete"),
    ("captions.captions.track_in", "/videos/{}/captions/en/delete"),
    ("captions.chapters.own_video_or_404", "/videos/{}/chapters"),
]


@pytest.mark.parametrize(("lookup", "path"), ENDS)
def test_w123_what_ends_while_its_form_is_sent_is_not_found(
    as_alice: Client,
    as_bob: Client,
    video: Video,
    monkeypatch: pytest.MonkeyPatch,
    lookup: str,
    path: str,
) -> None:
    """W123"""
    name = f"cattube.web.pages.{lookup}"
    look_up = import_string(name)
    CaptionTrack.objects.create(video=video, language="en", source="uploaded")

    def find_and_end(*arguments: Any) -> Any:
        found = look_up(*arguments)
        Channel.objects.all().delete()
        Video.objects.all().delete()
        return found

    monkeypatch.setattr(name, find_and_end)
    client = as_bob if lookup.startswith("community") else as_alice

    assert client.post(path.format(video.pk), {"chapters": "0:00 Roof"}).status_code == 404


def test_followers_go_with_their_accounts_w103(as_bob: Client, bob: User, video: Video) -> None:
    """W103"""
    as_bob.put("/api/channels/alice/follow")

    bob.delete()

    assert Channel.objects.get(name="alice").followers == 0


def test_w120_channel_goes_with_many_followers_as_with_one(db: None) -> None:
    """W120"""

    def queries(followers: int) -> int:
        shown = Channel.objects.get(owner=User.objects.create_user(f"owner of {followers}"))
        people = [User.objects.create_user(f"person {number} of {followers}") for number in range(followers)]
        Follow.objects.bulk_create(Follow(channel=shown, user=person) for person in people)
        with CaptureQueriesContext(connection) as statements:
            shown.owner.delete()
        return len(statements)

    assert queries(followers=20) == queries(followers=1)


def test_owner_changes_the_address_of_a_channel(as_alice: Client, bob: User, video: Video) -> None:
    changed = change(as_alice, "alice", name="cats-of-alice")
    form = as_alice.post(
        "/channels/cats-of-alice/edit", {"name": "alices_cats", "about": "Cats"}, follow=True
    )

    assert changed.json()["url"] == "/channels/cats-of-alice"
    assert form.redirect_chain == [("/channels/alices_cats", 302)]
    assert as_alice.get("/channels/alice").status_code == 404
    assert as_alice.get("/channel/").headers["Location"] == "/channels/alices_cats"


def test_name_of_another_channel_is_not_given(as_alice: Client, bob: User, video: Video) -> None:
    by_api = change(as_alice, "alice", name="bob")
    by_form = as_alice.post("/channels/alice/edit", {"name": "bob", "about": ""})

    assert (by_api.status_code, by_api.json()["error"]) == (409, "NAME_TAKEN")
    assert "Another channel has this name" in by_form.content.decode()


@pytest.mark.parametrize("name", ["", "A", "../x", "a b", "é", "-a", "a" * 41, "a\n", "a/b", "a\x00"])
def test_name_that_makes_no_address_is_refused(as_alice: Client, video: Video, name: str) -> None:
    assert change(as_alice, "alice", name=name).status_code == 400
    assert Channel.objects.filter(name="alice").exists()


@pytest.mark.parametrize("name", ["", "A", "a b", "é"])
def test_form_says_which_name_makes_no_address(as_alice: Client, name: str) -> None:
    page = as_alice.post("/channels/alice/edit", {"name": name, "about": ""})

    assert page.status_code == 200
    assert 'id="id_name-error"' in page.content.decode()


def test_nobody_but_the_owner_changes_a_channel(as_bob: Client, client: Client, video: Video) -> None:
    assert change(as_bob, "alice", about="Mine").status_code == 403
    assert change(client, "alice", about="Mine").status_code == 401
    assert as_bob.post("/channels/alice/edit", {"name": "mine", "about": ""}).status_code == 403
    assert Channel.objects.get(name="alice").about == ""


def test_channel_costs_the_same_queries_for_one_video_and_for_many(
    as_bob: Client,
    video: Video,
    make_video: MakeVideo,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        make_video(title=f"Cat {number}", visibility="public", status="ready").set_tags(["a", "b"])

    as_bob.get("/upload/")  # the first page in some minutes also records the visit
    with django_assert_max_num_queries(12):
        as_bob.get("/channels/alice")


def test_channel_has_links_to_its_other_pages_in_the_same_order_w110(
    client: Client, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W110"""
    monkeypatch.setattr("cattube.web.pages.community.channels.VIDEOS_PER_PAGE", 2)
    for number in range(3):
        make_video(title=f"Cat {number}", visibility="public", status="ready")

    first = client.get("/channels/alice?order=watched").content.decode()
    second = client.get("/channels/alice?order=watched&page=2").content.decode()

    assert 'rel="next" href="?order=watched&amp;page=2"' in first
    assert 'rel="prev" href="?order=watched&amp;page=1"' in second
    assert ('rel="prev"' in first, 'rel="next"' in second) == (False, False)
    assert (first.count('<article class="card"'), second.count('<article class="card"')) == (2, 1)


def test_list_of_a_channel_is_asked_for_by_its_name_w111(
    client: Client, as_alice: Client, bob: User, make_video: MakeVideo
) -> None:
    """W111"""
    make_video(title="Alice's", visibility="public", status="ready")
    make_video(title="Bob's", visibility="public", status="ready", owner=bob)
    change(as_alice, "alice", name="alices-cats")
    # A channel has its name before an account that is called so.
    Channel.objects.filter(owner=bob).update(name="alice")

    def titles(channel: str) -> list[str]:
        return [video["title"] for video in client.get(f"/api/videos?channel={channel}").json()["items"]]

    assert [titles(name) for name in ("alices-cats", "alice", "bob", "nobody")] == [
        ["Alice's"],
        ["Bob's"],
        ["Bob's"],
        [],
    ]
    assert titles(client.get("/api/videos?q=alice's").json()["items"][0]["channel"]) == ["Alice's"]


def test_search_leads_to_the_page_of_a_channel_w111(client: Client, as_alice: Client, video: Video) -> None:
    """W111"""
    change(as_alice, "alice", name="alices-cats")

    page = client.get("/?q=alice").content.decode()
    suggested = client.get("/api/suggest?q=ali").json()["items"]
    Channel.objects.all().delete()
    without = client.get("/api/suggest?q=ali").json()["items"]

    assert 'href="/channels/alices-cats"' in page
    assert [item["url"] for item in suggested if item["kind"] == "channel"] == ["/channels/alices-cats"]
    assert [item["url"] for item in without] == ["/?channel=alice"]
