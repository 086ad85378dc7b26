"""Table of every route of the site: what each role gets there for each kind of video (D04, D05)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

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


def looking_at_poster(role: str, kind: str) -> int:
    """The way to the still, of what has one."""
    return 302 if looking_at_cues(role, kind) == 200 else 404


def telling_other_sites(_role: str, kind: str) -> int:
    """What guests see, to everybody: it stands on the pages of others."""
    return watching("anonymous", kind)


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


# None of these videos goes past the engine; processing/bucket/test_uploads.py has those that do.
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
    ("GET", "/videos/{id}/poster"): looking_at_poster,
    ("GET", "/oembed?url=http://testserver/videos/{id}"): telling_other_sites,
    ("GET", "/api/videos/{id}"): watching,
    ("GET", "/api/videos/{id}/events"): watching,
    ("GET", "/api/videos/{id}/storyboard.vtt"): looking_at_cues,
    ("GET", "/api/videos/{id}/live/live.m3u8"): looking_at_live_preview,
    ("GET", "/videos/{id}/edit"): lambda r, k: changing(r, k, done=200, anonymous=LOGIN),
    ("POST", "/videos/{id}/edit"): lambda r, k: changing(r, k, done=302, anonymous=LOGIN),
    ("POST", "/videos/{id}/again"): lambda r, k: changing(r, k, done=302, anonymous=LOGIN),
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
# Addresses without a video in them, and what anonymous gets for GET.
OTHER_ROUTES = {
    "/": 200,
    "/upload/": LOGIN,
    "/trash/": LOGIN,
    "/trash/empty": 405,
    "/api/trash": 401,
    "/following/": LOGIN,
    "/following/channels": LOGIN,
    "/api/following": 401,
    "/api/following/videos": 401,
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
    "/robots.txt": 200,
    "/sitemap.xml": 200,
    "/sitemaps/videos-1.xml": 200,
    "/feeds/videos.xml": 200,
    "/feeds/search.xml": 200,
    "/feeds/channels/nobody.xml": 404,
    "/feeds/playlists/abcdefghijk.xml": 404,
    "/manifest.webmanifest": 200,
    "/notifications/transloadit": 405,
    "/notifications/videos/token": 405,
    "/files/a/b/c": 404,
    "/admin/": LOGIN,
    "/admin/doctor/": LOGIN,
    "/admin/hosts/": LOGIN,
}
