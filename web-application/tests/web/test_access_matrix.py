"""Every route, for every role and kind of video (D04, D05): the table of access.py as requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from cattube.accounts.new_group_accounts import make_group_account
from cattube.captions.formats.timed_text import TimedText
from cattube.captions.tracks import save_track
from cattube.videos.models import Asset, Video

KINDS: dict[str, dict[str, Any]] = {
    "public": {"visibility": "public", "status": "ready"},
    "unlisted": {"visibility": "unlisted", "status": "ready"},
    "private": {"visibility": "private", "status": "ready"},
    "processing": {"visibility": "public", "status": "processing"},
    "improving": {"visibility": "public", "status": "ready", "phase": "improving"},
    "failed": {"visibility": "public", "status": "failed", "error_code": "X", "error_message": "Y"},
    "trashed": {"visibility": "public", "status": "ready", "trashed_at": timezone.now()},
    "erased": {},
}
ROLES = ("anonymous", "bob", "carol", "alice")
OPEN = {"public", "unlisted", "processing", "improving", "failed"}
MINE = OPEN | {"private"}
LOGIN = 302
FORM = "application/x-www-form-urlencoded"
BOARD = {"width": 1600, "height": 900}


def watching(role: str, kind: str) -> int:
    return 200 if kind in (MINE if role == "alice" else OPEN) else 404


def changing(role: str, kind: str, *, done: int, anonymous: int, seen_as_trashed: bool = False) -> int:
    if role == "anonymous":
        return anonymous
    if role == "alice":
        return done if kind in MINE or (seen_as_trashed and kind == "trashed") else 404
    return 403 if kind in OPEN else 404


def retrying(role: str, kind: str) -> int:
    """Only a failed video can be uploaded again."""
    allowed = changing(role, kind, done=201, anonymous=401)
    return 409 if allowed == 201 and kind != "failed" else allowed


def looking_at_cues(role: str, kind: str) -> int:
    """What is not ready has no storyboard yet, whatever lies in the bucket."""
    return 404 if kind in ("processing", "failed") else watching(role, kind)


def looking_at_live_preview(role: str, kind: str) -> int:
    """Whoever may watch learns that the engine is away."""
    return 503 if watching(role, kind) == 200 else 404


def by_account(role: str, kind: str, *, done: int, anonymous: int) -> int:
    """Whoever may watch, and has an account."""
    if role == "anonymous":
        return anonymous
    return done if watching(role, kind) == 200 else 404


def own_list(role: str, kind: str, *, done: int, anonymous: int) -> int:
    """A line of one's own list is taken out, whatever became of the video."""
    return anonymous if role == "anonymous" else done


# None of these videos goes past the engine; test_bucket_uploads.py has those that do.
BUCKET_ROUTES = [
    ("GET", "/api/uploads/{id}"),
    ("GET", "/api/uploads/{id}/parts"),
    ("POST", "/api/uploads/{id}/parts/1"),
    ("POST", "/api/uploads/{id}/complete"),
]

# (method, path) -> what each role gets for each kind of video
VIDEO_ROUTES: dict[tuple[str, str], Any] = {
    ("GET", "/videos/{id}"): watching,
    ("GET", "/embed/{id}"): watching,
    ("GET", "/api/videos/{id}"): watching,
    ("GET", "/api/videos/{id}/events"): watching,
    ("GET", "/api/videos/{id}/storyboard.vtt"): looking_at_cues,
    ("GET", "/api/videos/{id}/live/live.m3u8"): looking_at_live_preview,
    ("GET", "/videos/{id}/edit"): lambda r, k: changing(r, k, done=200, anonymous=LOGIN),
    ("POST", "/videos/{id}/edit"): lambda r, k: changing(r, k, done=302, anonymous=LOGIN),
    ("POST", "/videos/{id}/delete"): lambda r, k: changing(r, k, done=302, anonymous=LOGIN),
    ("POST", "/videos/{id}/restore"): lambda r, k: changing(
        r, k, done=302, anonymous=LOGIN, seen_as_trashed=True
    ),
    ("POST", "/videos/{id}/erase"): lambda r, k: changing(
        r, k, done=302, anonymous=LOGIN, seen_as_trashed=True
    ),
    ("PATCH", "/api/videos/{id}"): lambda r, k: changing(r, k, done=200, anonymous=401),
    ("DELETE", "/api/videos/{id}"): lambda r, k: changing(
        r, k, done=204, anonymous=401, seen_as_trashed=True
    ),
    ("POST", "/api/videos/{id}/restore"): lambda r, k: changing(
        r, k, done=200, anonymous=401, seen_as_trashed=True
    ),
    ("POST", "/api/videos/{id}/retry"): retrying,
    ("GET", "/videos/{id}/captions"): lambda r, k: changing(r, k, done=200, anonymous=LOGIN),
    ("POST", "/videos/{id}/captions"): lambda r, k: changing(r, k, done=302, anonymous=LOGIN),
    ("GET", "/videos/{id}/captions/en"): lambda r, k: changing(r, k, done=200, anonymous=LOGIN),
    ("POST", "/videos/{id}/captions/en"): lambda r, k: changing(r, k, done=302, anonymous=LOGIN),
    ("POST", "/videos/{id}/captions/automatic"): lambda r, k: changing(r, k, done=302, anonymous=LOGIN),
    ("POST", "/api/videos/{id}/captions"): lambda r, k: changing(r, k, done=409, anonymous=401),
    ("POST", "/videos/{id}/captions/en/delete"): lambda r, k: changing(r, k, done=302, anonymous=LOGIN),
    ("GET", "/videos/{id}/chapters"): lambda r, k: changing(r, k, done=200, anonymous=LOGIN),
    ("POST", "/videos/{id}/chapters"): lambda r, k: changing(r, k, done=302, anonymous=LOGIN),
    ("GET", "/api/videos/{id}/captions"): watching,
    ("GET", "/api/videos/{id}/captions/en"): watching,
    ("PUT", "/api/videos/{id}/captions/en"): lambda r, k: changing(r, k, done=204, anonymous=401),
    ("DELETE", "/api/videos/{id}/captions/en"): lambda r, k: changing(r, k, done=204, anonymous=401),
    ("GET", "/api/videos/{id}/transcript"): watching,
    ("GET", "/api/videos/{id}/chapters"): watching,
    ("PUT", "/api/videos/{id}/chapters"): lambda r, k: changing(r, k, done=200, anonymous=401),
    ("POST", "/api/videos/{id}/views"): lambda r, k: 204 if watching(r, k) == 200 else 404,
    ("PUT", "/api/videos/{id}/position"): lambda r, k: by_account(r, k, done=204, anonymous=401),
    ("DELETE", "/api/history/{id}"): lambda r, k: own_list(r, k, done=204, anonymous=401),
    ("POST", "/history/{id}/forget"): lambda r, k: own_list(r, k, done=302, anonymous=LOGIN),
    ("PUT", "/api/videos/{id}/like"): lambda r, k: by_account(r, k, done=200, anonymous=401),
    ("DELETE", "/api/videos/{id}/like"): lambda r, k: by_account(r, k, done=200, anonymous=401),
    ("POST", "/videos/{id}/like"): lambda r, k: by_account(r, k, done=302, anonymous=LOGIN),
    ("GET", "/api/videos/{id}/comments"): watching,
    ("POST", "/api/videos/{id}/comments"): lambda r, k: by_account(r, k, done=201, anonymous=401),
    ("POST", "/videos/{id}/comments"): lambda r, k: by_account(r, k, done=302, anonymous=LOGIN),
    ("POST", "/videos/{id}/save"): lambda r, k: by_account(r, k, done=302, anonymous=LOGIN),
    ("PUT", "/api/playlists/later/videos/{id}"): lambda r, k: by_account(r, k, done=204, anonymous=401),
    ("DELETE", "/api/playlists/later/videos/{id}"): lambda r, k: own_list(r, k, done=204, anonymous=401),
    ("POST", "/videos/{id}/comments/switch"): lambda r, k: changing(r, k, done=302, anonymous=LOGIN),
    **dict.fromkeys(BUCKET_ROUTES, lambda r, k: changing(r, k, done=409, anonymous=401)),
}
# Of requests that need more than an empty form.
BODIES: dict[tuple[str, str], tuple[str, str]] = {
    ("PUT", "/api/videos/{id}/captions/en"): ("WEBVTT\n\n00:01.000 --> 00:02.000\nMiau\n", "text/vtt"),
    ("POST", "/api/videos/{id}/captions"): ('{"automatic": true}', "application/json"),
    ("PUT", "/api/videos/{id}/chapters"): ('{"items": []}', "application/json"),
    ("POST", "/videos/{id}/captions"): ("language=de&kind=captions&write=1", FORM),
    ("POST", "/videos/{id}/captions/en"): ("content=WEBVTT%0A%0A00:01.000 --> 00:02.000%0AMiau", FORM),
    ("POST", "/videos/{id}/chapters"): ("chapters=0:00 Roof", FORM),
    ("PUT", "/api/videos/{id}/position"): ('{"seconds": 5}', "application/json"),
    ("POST", "/api/videos/{id}/comments"): ('{"text": "Fine"}', "application/json"),
    ("POST", "/videos/{id}/comments"): ("text=Fine", FORM),
}
# What viewers may add to a video: it is not of the video's own.
COUNTS = ("views", "likes")
# Addresses without a video in them, and what anonymous gets for GET.
OTHER_ROUTES = {
    "/": 200,
    "/upload/": LOGIN,
    "/trash/": LOGIN,
    "/later/": LOGIN,
    "/playlists/": LOGIN,
    "/playlists/abcdefghijk": 404,
    "/playlists/abcdefghijk/edit": LOGIN,
    "/playlists/abcdefghijk/delete": 405,
    "/playlists/abcdefghijk/videos/abcdefghijk": 405,
    "/api/playlists": 401,
    "/api/playlists/later": 404,
    "/channel/": LOGIN,
    "/channels/nobody": 404,
    "/channels/nobody/follow": 405,
    "/channels/nobody/picture": 404,
    "/channels/nobody/edit": LOGIN,
    "/api/channels/nobody": 404,
    "/api/channels/nobody/picture": 405,
    "/api/channels/nobody/follow": 405,
    "/history/": LOGIN,
    "/history/switch": 405,
    "/history/empty": 405,
    "/comments/1/edit": 405,
    "/comments/1/delete": 405,
    "/comments/1/report": 405,
    "/api/history": 401,
    "/api/comments/1": 405,
    "/api/comments/1/reports": 405,
    "/login/": 200,
    "/logout/": LOGIN,
    "/signup/": 200,
    "/api/videos": 200,
    "/api/bulk": 405,
    "/api/suggest": 200,
    "/api/uploads": 405,
    "/api/tokens": 401,
    "/api/tokens/1": 405,
    "/api/openapi.json": 200,
    "/api/docs": 200,
    "/reset/": 200,
    "/reset/a/b/": 404,
    "/settings/": LOGIN,
    "/settings/password": 405,
    "/settings/email": 405,
    "/settings/sessions/end": 405,
    "/settings/sessions/1/end": 405,
    "/settings/tokens": 405,
    "/settings/tokens/1/withdraw": 405,
    "/healthz": 200,
    "/notifications/transloadit": 405,
    "/notifications/videos/token": 405,
    "/files/a/b/c": 404,
    "/admin/": LOGIN,
    "/admin/doctor/": LOGIN,
    "/admin/hosts/": LOGIN,
}


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
