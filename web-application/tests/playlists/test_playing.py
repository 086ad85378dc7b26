"""Playing a playlist through."""

from __future__ import annotations

import pytest
from conftest import MakeVideo
from django.test import Client
from playlists.playlist_requests import MakePlaylist

from cattube.videos.models import Video


def test_playlist_plays_through(
    client: Client, make_list: MakePlaylist, shelf: list[Video], make_video: MakeVideo
) -> None:
    failed = make_video(title="Broken", visibility="public", status="failed")
    playlist = make_list(videos=[shelf[2], failed, shelf[0], shelf[1]])
    query = f"?playlist={playlist.pk}"

    first = client.get(f"/videos/{shelf[2].pk}{query}")
    last = client.get(f"/videos/{shelf[1].pk}{query}")

    following = first.context["video_json"]["next"]
    assert (following["title"], following["url"]) == ("One", f"/videos/{shelf[0].pk}{query}")
    assert f'<link rel="next" href="/videos/{shelf[0].pk}{query}">' in first.content.decode()
    assert "1 of 3" in first.content.decode()
    assert last.context["video_json"]["next"] is None
    assert 'rel="next"' not in last.content.decode()


@pytest.mark.parametrize("query", ["?playlist=nothing-1234", "?playlist=%00", "?playlist=" + "x" * 3000])
def test_playlist_that_is_not_there_plays_nothing(client: Client, shelf: list[Video], query: str) -> None:
    assert client.get(f"/videos/{shelf[0].pk}{query}").context["place"] is None


def test_private_playlist_of_another_plays_nothing_w107(
    client: Client, make_list: MakePlaylist, shelf: list[Video]
) -> None:
    """W107"""
    playlist = make_list("private")

    page = client.get(f"/videos/{shelf[0].pk}?playlist={playlist.pk}")

    assert page.context["place"] is None
    assert "Roofs" not in page.content.decode()
