"""Every route, for every role and kind of video (D05), answers as the table of routes says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from web.route_table import BODIES, FORM, KINDS, OTHER_ROUTES, ROLES, VIDEO_ROUTES

from cattube.accounts.new_group_accounts import make_group_account
from cattube.captions.formats.timed_text import TimedText
from cattube.captions.tracks import save_track
from cattube.videos.models import Asset, Video

BOARD = {"width": 1600, "height": 900}
# What viewers may add to a video: it is not of the video's own.
COUNTS = ("views", "likes")


@pytest.fixture
def clients(as_alice: Client, as_bob: Client, as_carol: Client) -> dict[str, Client]:
    return {"anonymous": Client(), "alice": as_alice, "bob": as_bob, "carol": as_carol}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", VIDEO_ROUTES, ids=" ".join)
def test_route_answers_as_the_table_says_d05(
    clients: dict[str, Client], make_video: MakeVideo, route: tuple[str, str], role: str, kind: str
) -> None:
    video = make_video(duration_seconds=60, growing_hls_url="http://x/streams/a/live.m3u8", **KINDS[kind])
    Asset.objects.create(video=video, role="storyboard", object_key="a/b/c.jpg", **BOARD)
    Asset.objects.create(video=video, role="thumbnail", object_key="a/b/d.jpg")
    Video.objects.filter(pk=video.pk).update(trashed_at=None)
    save_track(video, "en", [TimedText(1, 2, "Miau")])
    Video.objects.filter(pk=video.pk).update(trashed_at=video.trashed_at)
    if kind == "erased":
        Video.objects.all().delete()
    method, path = route
    data = "{}" if path.startswith("/api") else "title=Cat&visibility=private"
    form = "application/json" if path.startswith("/api") else FORM

    data, form = BODIES.get(route, (data, form))
    response = clients[role].generic(method, path.format(id=video.pk), data, form)
    response.close()  # a stream holds its seat until then

    assert response.status_code == VIDEO_ROUTES[route](role, kind)


@pytest.mark.parametrize("role", ["alice", "bob"])
@pytest.mark.parametrize("route", VIDEO_ROUTES, ids=" ".join)
def test_d103_route_answers_a_member_of_a_group_as_an_owner(
    clients: dict[str, Client], alice: User, make_video: MakeVideo, route: tuple[str, str], role: str
) -> None:
    """D103: alice is a member of the group whose videos these are, and bob is none."""
    group = Group.objects.create(name="Roof club")
    alice.groups.add(group)
    club = make_group_account(group).account
    (method, path), responses = route, {}
    data = "{}" if path.startswith("/api") else "title=Cat&visibility=private&channel=roof-club"
    data, form = BODIES.get(route, (data, "application/json" if path.startswith("/api") else FORM))

    for kind in ("public", "private", "failed", "trashed"):
        fields = {**KINDS[kind], "trashed_at": None, "growing_hls_url": "http://x/streams/a/live.m3u8"}
        video = make_video(owner=club, duration_seconds=60, **fields)
        Asset.objects.create(video=video, role="storyboard", object_key=f"a/{video.pk}/c.jpg", **BOARD)
        Asset.objects.create(video=video, role="thumbnail", object_key=f"a/{video.pk}/d.jpg")
        save_track(video, "en", [TimedText(1, 2, "Miau")])
        Video.objects.filter(pk=video.pk).update(trashed_at=KINDS[kind].get("trashed_at"))
        responses[kind] = clients[role].generic(method, path.format(id=video.pk), data, form)
    # At the end: with a response Django closes the connection to the database, too.
    for response in responses.values():
        response.close()

    answers = {kind: response.status_code for kind, response in responses.items()}
    assert answers == {kind: VIDEO_ROUTES[route](role, kind) for kind in answers}


@pytest.mark.parametrize("role", [role for role in ROLES if role != "alice"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "erased"])
def test_nobody_but_the_owner_changes_a_video_d05(
    clients: dict[str, Client], make_video: MakeVideo, role: str, kind: str
) -> None:
    video = make_video(**KINDS[kind])
    before = details_of(video)

    for method, path in VIDEO_ROUTES:
        if method != "GET":
            clients[role].generic(method, path.format(id=video.pk), '{"title": "Mine"}', "application/json")

    assert details_of(video) == before


def details_of(video: Video) -> dict[str, Any]:
    details = Video.objects.filter(pk=video.pk).values().get()
    return {name: value for name, value in details.items() if name not in COUNTS}


@pytest.mark.parametrize("path", OTHER_ROUTES)
def test_route_without_a_video_answers_anonymous(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == OTHER_ROUTES[path]


def test_matrix_names_every_route_of_the_site() -> None:
    named = {path.replace("{id}", "<id>") for _, path in VIDEO_ROUTES} | set(OTHER_ROUTES)
    aliases = {
        "/sitemaps/<str:kind>-<int:number>.xml": "/sitemaps/videos-1.xml",
        "/feeds/channels/<str:name>.xml": "/feeds/channels/nobody.xml",
        "/feeds/playlists/<id>.xml": "/feeds/playlists/abcdefghijk.xml",
        "/oembed": "/oembed?url=http://testserver/videos/<id>",
        "/files/<path:object_key>": "/files/a/b/c",
        "/api/videos/<id>/live/<name>": "/api/videos/<id>/live/live.m3u8",
        "/notifications/videos/<str:token>": "/notifications/videos/token",
        "/api/uploads/<id>/parts/<int:number>": "/api/uploads/<id>/parts/1",
        "/api/videos/<id>/captions/<language>": "/api/videos/<id>/captions/en",
        "/videos/<id>/captions/<str:language>": "/videos/<id>/captions/en",
        "/videos/<id>/captions/<str:language>/delete": "/videos/<id>/captions/en/delete",
        "/api/tokens/<int:id>": "/api/tokens/1",
        "/playlists/<id>": "/playlists/abcdefghijk",
        "/playlists/<id>/edit": "/playlists/abcdefghijk/edit",
        "/playlists/<id>/delete": "/playlists/abcdefghijk/delete",
        "/playlists/<id>/videos/<video_id:video_id>": "/playlists/abcdefghijk/videos/abcdefghijk",
        "/api/playlists/<id>": "/api/playlists/later",
        "/api/playlists/<id>/videos/<video_id>": "/api/playlists/later/videos/<id>",
        "/channels/<str:name>": "/channels/nobody",
        "/channels/<str:name>/follow": "/channels/nobody/follow",
        "/channels/<str:name>/picture": "/channels/nobody/picture",
        "/api/channels/<name>/picture": "/api/channels/nobody/picture",
        "/channels/<str:name>/edit": "/channels/nobody/edit",
        "/api/channels/<name>": "/api/channels/nobody",
        "/api/channels/<name>/follow": "/api/channels/nobody/follow",
        "/api/comments/<int:id>": "/api/comments/1",
        "/api/comments/<int:id>/reports": "/api/comments/1/reports",
        "/comments/<int:id>/edit": "/comments/1/edit",
        "/comments/<int:id>/delete": "/comments/1/delete",
        "/comments/<int:id>/report": "/comments/1/report",
        "/reset/<str:uidb64>/<str:token>/": "/reset/a/b/",
        "/settings/sessions/<int:id>/end": "/settings/sessions/1/end",
        "/settings/tokens/<int:id>/withdraw": "/settings/tokens/1/withdraw",
    }

    routes = {aliases.get(route, route) for route in all_routes(get_resolver())}

    assert routes == named


def all_routes(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if route == "admin/":
                yield "/admin/"  # Django's own, behind its own permission checks
            else:
                yield from all_routes(pattern, prefix + route)
        elif isinstance(pattern, URLPattern) and pattern.name != "api-root":
            yield (prefix + route).replace("<video_id:id>", "<id>").replace("<str:id>", "<id>")


def test_private_video_of_an_owner_who_left_is_gone(
    make_video: MakeVideo, alice: User, as_bob: Client
) -> None:
    video = make_video()
    User.objects.filter(pk=alice.pk).delete()

    assert as_bob.get(f"/videos/{video.pk}").status_code == 404
