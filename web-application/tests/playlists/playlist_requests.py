"""Playlists as scripts ask for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

from cattube.playlists.models import Playlist

MakePlaylist = Callable[..., Playlist]


def call(client: Client, method: str, path: str, **body: Any) -> Any:
    return client.generic(method, f"/api/playlists{path}", json.dumps(body), "application/json")


def titles(client: Client, playlist: Playlist) -> list[str]:
    return [video["title"] for video in call(client, "GET", f"/{playlist.pk}").json()["videos"]]
