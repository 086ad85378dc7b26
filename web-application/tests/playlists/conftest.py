"""Playlists and what is in them."""

from __future__ import annotations

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from playlists.playlist_requests import MakePlaylist

from cattube.playlists import playlists
from cattube.playlists.models import Playlist
from cattube.videos.models import Video


@pytest.fixture
def shelf(make_video: MakeVideo) -> list[Video]:
    """Three public videos: One, Two, Three."""
    return [make_video(title=name, visibility="public", status="ready") for name in ("One", "Two", "Three")]


@pytest.fixture
def make_list(bob: User, shelf: list[Video]) -> MakePlaylist:
    """A playlist of bob's with the three videos of alice's, public unless said otherwise."""

    def make(visibility: str = "public", videos: list[Video] = shelf) -> Playlist:
        playlist = Playlist.objects.create(owner=bob, title="Roofs", visibility=visibility)
        for video in videos:
            playlists.add_video(playlist, video)
        return playlist

    return make
