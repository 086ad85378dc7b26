"""Requests that other sites have a browser send: none of them changes anything (D04)."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from web.route_table import VIDEO_ROUTES

from cattube.videos.models import Video

CHANGING_ROUTES = [
    ("POST", "/logout/"),
    ("POST", "/login/"),
    ("POST", "/api/uploads"),
    ("POST", "/reset/"),
    ("POST", "/reset/a/b/"),
    ("POST", "/settings/password"),
    ("POST", "/settings/email"),
    ("POST", "/settings/sessions/end"),
    ("POST", "/settings/sessions/1/end"),
    ("POST", "/settings/tokens"),
    ("POST", "/settings/tokens/1/withdraw"),
    ("POST", "/playlists/"),
    ("POST", "/playlists/abcdefghijk/edit"),
    ("POST", "/playlists/abcdefghijk/delete"),
    ("POST", "/playlists/abcdefghijk/videos/abcdefghijk"),
    ("POST", "/api/playlists"),
    ("PATCH", "/api/playlists/later"),
    ("DELETE", "/api/playlists/later"),
    ("POST", "/channels/alice/follow"),
    ("POST", "/channels/alice/edit"),
    ("PATCH", "/api/channels/alice"),
    ("PUT", "/api/channels/alice/picture"),
    ("DELETE", "/api/channels/alice/picture"),
    ("PUT", "/api/channels/alice/follow"),
    ("DELETE", "/api/channels/alice/follow"),
    ("POST", "/trash/empty"),
    ("DELETE", "/api/trash"),
    ("POST", "/following/channels"),
    ("POST", "/history/switch"),
    ("POST", "/history/empty"),
    ("PATCH", "/api/history"),
    ("DELETE", "/api/history"),
    ("POST", "/comments/1/edit"),
    ("POST", "/comments/1/delete"),
    ("POST", "/comments/1/report"),
    ("PATCH", "/api/comments/1"),
    ("DELETE", "/api/comments/1"),
    ("POST", "/api/comments/1/reports"),
    ("POST", "/api/tokens"),
    ("DELETE", "/api/tokens/1"),
    *[route for route in VIDEO_ROUTES if route[0] != "GET"],
]


@pytest.mark.parametrize("route", CHANGING_ROUTES, ids=" ".join)
def test_change_without_a_csrf_token_is_refused_d04(
    alice: User, alice_video: Video, route: tuple[str, str]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    method, path = route

    response = client.generic(
        method,
        path.format(id=alice_video.pk),
        "{}",
        "application/json",
        headers={"Origin": "https://evil.example"},
    )

    assert response.status_code == 403
    assert Video.objects.filter(pk=alice_video.pk, trashed_at=None).exists()


@pytest.mark.parametrize(
    "path", ["/videos/{id}/delete", "/api/videos/{id}/restore", "/api/videos/{id}/retry"]
)
def test_change_by_get_is_not_possible_d04(as_alice: Client, alice_video: Video, path: str) -> None:
    assert as_alice.get(path.format(id=alice_video.pk)).status_code == 405
