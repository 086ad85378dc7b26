"""Playlists: an order of videos, as people and scripts make and change it."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from playlists.playlist_requests import MakePlaylist, call, titles
from pytest_django import DjangoAssertNumQueries

from cattube.playlists import playlists
from cattube.playlists.models import Playlist
from cattube.videos.models import Video


def test_script_makes_fills_sorts_and_deletes_a_playlist(as_bob: Client, shelf: list[Video]) -> None:
    made = call(as_bob, "POST", "", title="Roofs").json()
    path = f"/{made['id']}"
    for video in (*shelf, shelf[0]):
        assert call(as_bob, "PUT", f"{path}/videos/{video.pk}").status_code == 204
    call(as_bob, "PATCH", path, videos=[shelf[2].pk], title="Best roofs", visibility="unlisted")
    call(as_bob, "DELETE", f"{path}/videos/{shelf[1].pk}")
    shown = call(as_bob, "GET", path).json()
    listed = call(as_bob, "GET", "").json()["items"]
    deleted = call(as_bob, "DELETE", path)

    assert made["visibility"] == "private"
    assert [video["title"] for video in shown["videos"]] == ["Three", "One"]
    assert [(one["title"], one["visibility"], one["video_count"]) for one in listed] == [
        ("Best roofs", "unlisted", 2)
    ]
    assert deleted.status_code == 204
    assert Video.objects.count() == 3


def test_person_does_the_same_without_a_script(as_bob: Client, shelf: list[Video]) -> None:
    page = as_bob.post("/playlists/", {"title": "Roofs", "visibility": "public"}, follow=True)
    path = page.redirect_chain[0][0]
    playlist = Playlist.objects.get()
    for video in shelf:
        as_bob.post(f"/videos/{video.pk}/save", {"playlist": playlist.pk, "saved": "1"})
    as_bob.post(f"{path}/videos/{shelf[2].pk}", {"change": "up"})
    as_bob.post(f"{path}/videos/{shelf[0].pk}", {"change": "down"})
    as_bob.post(f"{path}/videos/{shelf[0].pk}", {"change": "down"})
    as_bob.post(f"{path}/videos/{shelf[1].pk}", {"change": "remove"})
    order = titles(as_bob, playlist)
    as_bob.post(f"/videos/{shelf[0].pk}/save", {"playlist": playlist.pk, "saved": "0"})
    as_bob.post(f"{path}/edit", {"title": "Best roofs", "visibility": "unlisted"})
    after = as_bob.get(path).content.decode()
    as_bob.post(f"{path}/delete")

    assert order == ["Three", "One"]
    assert "Best roofs" in after
    assert 'list-item__title" href="/videos/' + shelf[0].pk not in after
    assert not Playlist.objects.exists()


def test_watch_later_is_there_for_each_person_and_theirs_alone(
    as_bob: Client, as_alice: Client, client: Client, shelf: list[Video]
) -> None:
    as_bob.post(f"/videos/{shelf[0].pk}/save", {"playlist": ""})
    call(as_bob, "PUT", f"/later/videos/{shelf[1].pk}")
    later = Playlist.objects.get()

    assert [one["title"] for one in call(as_bob, "GET", "/later").json()["videos"]] == ["One", "Two"]
    assert "Two" in as_bob.get("/later/").content.decode()
    assert "Nothing in here" in as_alice.get("/later/").content.decode()
    assert [call(one, "GET", f"/{later.pk}").status_code for one in (as_alice, client)] == [404, 404]
    assert call(client, "GET", "/later").status_code == 404
    assert call(as_bob, "PATCH", "/later", visibility="public").status_code == 403
    assert as_bob.get(f"/playlists/{later.pk}/edit").status_code == 403


def test_channel_shows_public_playlists_to_others_and_all_to_its_owner(
    client: Client, as_bob: Client, bob: User, make_list: MakePlaylist
) -> None:
    for visibility in ("public", "unlisted", "private"):
        make_list(visibility)
    Video.objects.create(owner=bob, title="Of bob", visibility="public", status="ready")

    assert [one.get("/channels/bob").content.decode().count("Roofs") for one in (client, as_bob)] == [1, 3]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"title": ""}, 400),
        ({"title": "\u3164"}, 400),
        ({"title": "x" * 201}, 400),
        ({"title": "a\x00"}, 400),
        ({"title": "Fine", "visibility": "secret"}, 400),
        ({"title": "<b>"}, 201),
    ],
)
def test_playlist_needs_a_title_that_can_be_seen(as_bob: Client, body: dict[str, Any], status: int) -> None:
    assert call(as_bob, "POST", "", **body).status_code == status


@pytest.mark.parametrize("wrong", ["twice", "foreign"])
def test_order_that_names_other_videos_is_refused(
    as_bob: Client, make_list: MakePlaylist, shelf: list[Video], make_video: MakeVideo, wrong: str
) -> None:
    playlist = make_list()
    other = make_video(visibility="public", status="ready")
    order = [shelf[0].pk, shelf[0].pk] if wrong == "twice" else [other.pk]

    assert call(as_bob, "PATCH", f"/{playlist.pk}", videos=order).status_code == 400


def test_playlists_and_their_videos_are_limited(
    as_bob: Client, make_list: MakePlaylist, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    playlist = make_list()
    other = make_video(visibility="public", status="ready")
    monkeypatch.setattr(playlists, "MAX_VIDEOS", 3)
    monkeypatch.setattr(playlists, "MAX_PLAYLISTS", 1)

    full = call(as_bob, "PUT", f"/{playlist.pk}/videos/{other.pk}")
    many = call(as_bob, "POST", "", title="One more")

    assert [(one.status_code, one.json()["error"]) for one in (full, many)] == [(409, "PLAYLIST_FULL")] * 2
    assert as_bob.post("/playlists/", {"title": "One more", "visibility": "public"}).status_code == 409


def test_long_playlist_comes_in_pages(client: Client, make_list: MakePlaylist) -> None:
    path = f"/api/playlists/{make_list().pk}"

    first = client.get(path, {"limit": 2}).json()
    second = client.get(path, {"limit": 2, "cursor": first["next"]}).json()

    assert [video["title"] for video in (*first["videos"], *second["videos"])] == ["One", "Two", "Three"]
    assert second["next"] is None
    assert client.get(path, {"cursor": "x"}).status_code == 400


def test_long_list_of_playlists_comes_in_pages_w172(as_bob: Client, bob: User) -> None:
    """W172"""
    for number in range(3):
        Playlist.objects.create(owner=bob, title=f"List {number}")

    first = as_bob.get("/api/playlists", {"limit": 2}).json()
    second = as_bob.get("/api/playlists", {"limit": 2, "cursor": first["next"]}).json()

    assert [item["title"] for item in (*first["items"], *second["items"])] == ["List 2", "List 1", "List 0"]
    assert second["next"] is None


def test_pages_cost_the_same_queries_for_one_video_and_for_many(
    as_bob: Client,
    make_list: MakePlaylist,
    make_video: MakeVideo,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    videos = [make_video(title=f"Cat {n}", visibility="public", status="ready") for n in range(20)]
    for video in videos:
        video.set_tags(["a", "b"])
    playlist = make_list(videos=videos)

    as_bob.get("/upload/")  # the first page in some minutes also records the visit
    with django_assert_max_num_queries(9):
        as_bob.get(f"/playlists/{playlist.pk}")
    with django_assert_max_num_queries(11):
        call(as_bob, "GET", f"/{playlist.pk}")
    with django_assert_max_num_queries(6):
        as_bob.get("/playlists/")
    with django_assert_max_num_queries(10):
        as_bob.get(f"/api/playlists/{playlist.pk}")
    with django_assert_max_num_queries(35):
        as_bob.get(f"/videos/{videos[0].pk}?playlist={playlist.pk}")


def test_playlist_has_links_to_its_other_pages_w110(
    client: Client, make_list: MakePlaylist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W110"""
    monkeypatch.setattr("cattube.web.pages.community.playlists.VIDEOS_PER_PAGE", 2)
    address = f"/playlists/{make_list().pk}"

    first, second = (client.get(address + page).content.decode() for page in ("", "?page=2"))

    assert ('rel="next" href="?page=2"' in first, "Three" in first) == (True, False)
    assert ('rel="prev" href="?page=1"' in second, "Three" in second) == (True, True)


def test_playlists_of_a_person_have_links_to_their_other_pages_w110(
    as_bob: Client, make_list: MakePlaylist, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W110"""
    monkeypatch.setattr("cattube.web.pages.community.playlists.PLAYLISTS_PER_PAGE", 2)
    for _ in range(3):
        make_list()

    first, second = (
        as_bob.get(address).content.decode() for address in ("/playlists/", "/playlists/?page=2")
    )

    assert 'rel="next" href="?page=2"' in first
    assert 'rel="prev" href="?page=1"' in second
