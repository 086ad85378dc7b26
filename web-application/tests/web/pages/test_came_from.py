"""The page that a form came from, by what the browser says and others may forge."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from web.test_forged_requests import CHANGING_ROUTES

from cattube.videos.models import Video
from cattube.web.pages.came_from import came_from


@pytest.mark.parametrize(
    ("referer", "address"),
    [
        pytest.param("http://testserver/videos/abcdefghijk?t=5", "/videos/abcdefghijk?t=5", id="page"),
        pytest.param("https://testserver/history/", "/history/", id="behind-a-proxy"),
        pytest.param("http://testserver/?q=a%20cat&age=week#main", "/?q=a%20cat&age=week", id="search"),
        pytest.param(None, "/", id="not-told"),
        pytest.param("http://evil.example/history/", "/", id="other-site"),
        pytest.param("http://testserver@evil.example/history/", "/", id="other-site-with-our-name"),
        pytest.param("http://testserver//evil.example/", "/", id="path-that-is-a-host"),
        pytest.param("http://testserver/\\evil.example", "/", id="backslash"),
        pytest.param("http://[testserver/", "/", id="no-address"),
        pytest.param("http://testserver/nowhere", "/", id="no-page"),
        pytest.param("http://testserver/login/?next=/", "/", id="door"),
    ],
)
def test_w157_way_back_leads_to_a_page_of_this_site(referer: str | None, address: str) -> None:
    """W157"""
    headers = {} if referer is None else {"Referer": referer}

    assert came_from(RequestFactory().post("/videos/abcdefghijk/delete", headers=headers)) == address


@pytest.mark.parametrize(
    "path",
    [path for method, path in CHANGING_ROUTES if method == "POST" and not path.startswith("/api/")],
)
def test_w180_way_back_leads_to_no_address_that_takes_forms_alone(
    as_alice: Client, alice_video: Video, path: str
) -> None:
    """W180: a form that was refused is shown at such an address, with other forms beside it."""
    headers = {"Referer": f"http://testserver{path.format(id=alice_video.pk)}"}

    back = came_from(RequestFactory().post("/history/empty", headers=headers))

    assert as_alice.get(back).status_code != 405
