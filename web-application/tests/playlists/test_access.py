"""Rights about playlists: everybody sees of them what they may watch, and their owner changes them."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client
from playlists.playlist_requests import MakePlaylist, call, titles

from cattube.videos.models import Video


@pytest.mark.parametrize(
    ("visibility", "statuses"),
    [("public", [200, 200, 200]), ("unlisted", [200, 200, 200]), ("private", [404, 404, 200])],
)
def test_playlist_is_seen_by_those_who_may_w107(
    client: Client,
    as_alice: Client,
    as_bob: Client,
    make_list: MakePlaylist,
    visibility: str,
    statuses: list[int],
) -> None:
    """W107"""
    playlist = make_list(visibility)
    clients = (client, as_alice, as_bob)

    assert [one.get(f"/playlists/{playlist.pk}").status_code for one in clients] == statuses
    assert [call(one, "GET", f"/{playlist.pk}").status_code for one in clients] == statuses


def test_playlist_shows_only_the_videos_that_the_viewer_may_watch_w107(
    client: Client, as_alice: Client, as_bob: Client, make_list: MakePlaylist, shelf: list[Video]
) -> None:
    """W107"""
    playlist = make_list()
    Video.objects.filter(pk=shelf[1].pk).update(visibility="private")

    assert [titles(one, playlist) for one in (client, as_bob, as_alice)] == [
        ["One", "Three"],
        ["One", "Three"],
        ["One", "Two", "Three"],
    ]
    assert "2 videos" in client.get(f"/playlists/{playlist.pk}").content.decode()
    assert call(as_bob, "GET", "").json()["items"][0]["video_count"] == 2
    assert call(as_bob, "PUT", f"/{playlist.pk}/videos/{shelf[1].pk}").status_code == 404


def test_w119_playlist_publishes_no_unlisted_or_unfinished_video_of_another(
    client: Client,
    as_alice: Client,
    as_bob: Client,
    bob: User,
    make_list: MakePlaylist,
    make_video: MakeVideo,
) -> None:
    """W119"""
    videos = [
        make_video(title="Hers", visibility="unlisted", status="ready"),
        make_video(title="Public", visibility="public", status="ready"),
        make_video(title="Hers unfinished", visibility="public", status="processing"),
        make_video(title="His", visibility="unlisted", status="ready", owner=bob),
        make_video(title="His unfinished", visibility="unlisted", status="processing", owner=bob),
    ]
    playlist = make_list(videos=videos)
    make_video(visibility="public", status="ready", owner=bob)  # so that his channel is there

    seen = ["Public", "His"]
    assert [titles(one, playlist) for one in (client, as_alice, as_bob)] == [
        seen,
        ["Hers", "Public", "Hers unfinished", "His"],
        [video.title for video in videos],
    ]
    counts = [call(one, "GET", f"/{playlist.pk}").json()["video_count"] for one in (client, as_alice, as_bob)]
    assert counts == [2, 4, 5]
    on_channel = [
        one.get("/channels/bob").context["playlists"][0].video_count for one in (client, as_alice, as_bob)
    ]
    assert on_channel == counts
    page = client.get(f"/videos/{videos[1].pk}?playlist={playlist.pk}")
    assert page.context["video_json"]["next"]["title"] == "His"
    assert client.get(f"/videos/{videos[0].pk}?playlist={playlist.pk}").context["place"] is None


CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("PATCH", "", {"title": "Mine"}),
    ("DELETE", "", {}),
    ("PUT", "/videos/{video}", {}),
    ("DELETE", "/videos/{video}", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_nobody_but_its_owner_changes_a_playlist_w107(
    client: Client,
    as_alice: Client,
    make_list: MakePlaylist,
    shelf: list[Video],
    method: str,
    path: str,
    body: dict[str, Any],
) -> None:
    """W107"""
    public, private = make_list(), make_list("private")
    path = path.format(video=shelf[0].pk)

    assert call(as_alice, method, f"/{public.pk}{path}", **body).status_code == 403
    assert call(as_alice, method, f"/{private.pk}{path}", **body).status_code == 404
    assert call(client, method, f"/{public.pk}{path}", **body).status_code == 401
    assert titles(client, public) == ["One", "Two", "Three"]


@pytest.mark.parametrize("path", ["edit", "delete", "videos/{video}"])
def test_nobody_but_its_owner_changes_a_playlist_by_form_w107(
    as_alice: Client, make_list: MakePlaylist, shelf: list[Video], path: str
) -> None:
    """W107"""
    public, private = make_list(), make_list("private")
    path = path.format(video=shelf[0].pk)
    form = {"title": "Mine", "visibility": "public", "change": "remove"}

    assert as_alice.post(f"/playlists/{public.pk}/{path}", form).status_code == 403
    assert as_alice.post(f"/playlists/{private.pk}/{path}", form).status_code == 404
    assert as_alice.post(f"/videos/{shelf[0].pk}/save", {"playlist": private.pk}).status_code == 404
    assert titles(as_alice, public) == ["One", "Two", "Three"]
