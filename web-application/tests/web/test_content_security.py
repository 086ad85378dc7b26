"""What every response carries (D11, D12), and what titles can do to a page (D01)."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cattube.accounts.models import ApiToken, LoginSession
from cattube.videos.models import Video

PATHS = [
    "/",
    "/login/",
    "/settings/",
    "/reset/",
    "/reset/a/b/",
    "/api/tokens",
    "/nowhere",
    "/videos/aaaaaaaaaaa",
    "/api/videos",
    "/api/docs",
    "/api/nowhere",
    "/healthz",
    "/files/a/b/c",
    "/notifications/transloadit",
    "/admin/",
]


def policy(response: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in parts}


@pytest.mark.parametrize("path", PATHS)
def test_every_response_is_guarded_d12(client: Client, db: None, path: str) -> None:
    response = client.get(path)

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert "camera=(self)" in response["Permissions-Policy"]
    assert policy(response)["frame-ancestors"] == "'none'"
    assert policy(response)["script-src"] == "'self'"
    assert policy(response)["style-src"] == "'self'"
    assert policy(response)["default-src"] == "'none'"


def test_only_the_embed_page_may_be_framed_d11(client: Client, make_video: MakeVideo) -> None:
    video = make_video(visibility="public", status="ready")

    embed, watch = client.get(f"/embed/{video.pk}"), client.get(f"/videos/{video.pk}")

    assert policy(embed)["frame-ancestors"] == "*"
    assert "X-Frame-Options" not in embed
    assert policy(watch)["frame-ancestors"] == "'none'"


@pytest.mark.parametrize("fields", [{"visibility": "private"}, {"trashed_at": timezone.now()}, None])
def test_w158_embedded_video_that_is_gone_says_so_in_its_frame(
    client: Client, make_video: MakeVideo, fields: dict[str, Any] | None
) -> None:
    """W158"""
    video = make_video(**{"visibility": "public", "status": "ready", **(fields or {})})
    if fields is None:
        Video.objects.all().delete()

    gone = client.get(f"/embed/{video.pk}")

    assert gone.status_code == 404
    assert "This video is gone, or it is not shared any more." in gone.content.decode()
    assert video.title not in gone.content.decode()
    assert policy(gone)["frame-ancestors"] == "*"
    assert "X-Frame-Options" not in gone


def test_upload_page_alone_may_reach_the_engine(as_alice: Client, settings: Settings) -> None:
    settings.TRANSLOADIT_SERVICE = ""

    assert policy(as_alice.get("/upload/"))["connect-src"] == "'self' http://testserver:5678"
    assert policy(as_alice.get("/"))["connect-src"] == "'self'"


def test_upload_page_reaches_the_bucket_instead_when_files_go_there(
    as_alice: Client, settings: Settings
) -> None:
    settings.UPLOAD_TO, settings.AWS_S3_ENDPOINT_URL = "bucket", "https://s3.example.org"

    assert policy(as_alice.get("/upload/"))["connect-src"] == "'self' https://s3.example.org"
    assert "example.org" not in policy(as_alice.get("/"))["connect-src"]


@pytest.mark.parametrize("path", ["/", "/login/", "/api/videos", "/admin/"])
def test_forged_host_is_a_400_d10(client: Client, db: None, path: str) -> None:
    assert client.get(path, headers={"Host": "evil.example"}).status_code == 400


HOSTILE = [
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "{{7*7}}{% debug %}",
    "</title><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "\u202egnp.exe",
    "\U0001f408" * 50,
    "' onmouseover='alert(1)",
    "</script><script>alert(1)//",
    "&lt;b&gt;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_person_stays_text_on_every_page_d01(as_carol: Client, carol: Any, text: str) -> None:
    video = Video.objects.create(
        owner=carol, title=text, description=text, visibility="public", status="ready"
    )
    video.set_tags([text[:40]])
    ApiToken.objects.issue(carol, label=text[:80])
    as_carol.get("/", headers={"User-Agent": text})
    LoginSession.objects.update(user_agent=text)
    pages = [
        "/",
        f"/?q={text}",
        f"/videos/{video.pk}",
        f"/videos/{video.pk}/edit",
        f"/embed/{video.pk}",
        "/settings/",
        "/admin/videos/video/",
        "/admin/accounts/apitoken/",
    ]

    for page in pages:
        response = as_carol.get(page)
        content = response.content.decode()
        assert response.status_code == 200
        for live in (
            "<script>alert",
            "<svg onload",
            "<img src=x",
            "' onmouseover='alert(1)'",
            'href="javascript:alert',
        ):
            assert live not in content, page
    assert as_carol.get(f"/api/videos/{video.pk}").json()["title"] == text


def test_pages_carry_no_inline_script_or_style(as_alice: Client, ready_video: Video) -> None:
    for page in (
        "/",
        "/upload/",
        "/settings/",
        f"/videos/{ready_video.pk}",
        f"/videos/{ready_video.pk}/edit",
        f"/embed/{ready_video.pk}",
    ):
        content = as_alice.get(page).content.decode()
        scripts = content.split("<script")[1:]
        assert all(
            " src=" in tag.split(">")[0] or "application/json" in tag.split(">")[0] for tag in scripts
        ), page
        assert "style=" not in content
        assert "<style" not in content


def test_lost_page_tells_no_detail_d15(client: Client, db: None) -> None:
    for path in (
        "/.env",
        "/.git/config",
        "/static/../../secrets.env",
        "/files/..%2f..%2fsecrets.env",
        "/admin/.env",
    ):
        response = client.get(path)
        assert response.status_code in (302, 404)
        assert b"Traceback" not in response.content
        assert b"urlpatterns" not in response.content
