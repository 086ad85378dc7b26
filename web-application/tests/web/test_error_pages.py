"""Errors outside of a view: a page for people, JSON for scripts, and a code that the log has."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from cattube.videos import access
from cattube.videos.models import Video

CODE = re.compile(r"\b[0-9a-f]{4}-[0-9a-f]{4}\b")


@pytest.fixture
def patient(alice: User) -> Client:
    """alice's client, which gets the answer to an error as a browser does."""
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    return client


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Any:
    def fail(error: Exception) -> None:
        def broken(*args: Any, **options: Any) -> None:
            raise error

        for name in ("video_to_watch", "video_to_edit"):
            monkeypatch.setattr(access, name, broken)

    return fail


@pytest.mark.parametrize(
    ("path", "host", "status", "heading"),
    [
        pytest.param("/videos/{id}/delete", "testserver", 405, "Nothing to read here", id="of-a-form"),
        pytest.param("/", "evil.example", 400, "This could not be read", id="other-host"),
        pytest.param("/nowhere", "testserver", 404, "It slipped out", id="nothing-there"),
    ],
)
def test_w159_person_reads_what_happened(
    as_alice: Client, alice_video: Video, path: str, host: str, status: int, heading: str
) -> None:
    """W159"""
    answer = as_alice.get(path.format(id=alice_video.pk), headers={"Host": host})

    assert answer.status_code == status
    assert f"<h1>{heading}</h1>" in answer.content.decode()


def test_w159_form_that_cannot_be_read_is_answered_with_a_page(as_alice: Client) -> None:
    """W159"""
    answer = as_alice.post("/settings/email", {"email": "x" * 3_000_000})

    assert answer.status_code == 400
    assert "This could not be read" in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_w159_busy_site_has_a_page_that_leads_back(
    patient: Client, alice_video: Video, failing: Any, method: str
) -> None:
    """W159"""
    failing(OperationalError("database is locked"))
    page = f"http://testserver/videos/{alice_video.pk}?t=5"
    path = {"get": f"/videos/{alice_video.pk}?t=5", "post": f"/videos/{alice_video.pk}/delete"}[method]

    answer = getattr(patient, method)(path, headers={"Referer": page})

    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "The site is busy. Nothing was lost" in answer.content.decode()
    assert f'href="/videos/{alice_video.pk}?t=5">Try again<' in answer.content.decode()


def test_w159_session_that_cannot_be_read_is_a_busy_site(
    patient: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W159: what fails before the view is no unexpected error either."""

    def locked(*args: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("cattube.accounts.sessions.visit_middleware._is_session_of_user", locked)

    assert patient.get("/").status_code == 503


@pytest.mark.parametrize("path", ["/videos/{id}", "/api/videos/{id}"])
def test_w159_unexpected_error_has_a_code_that_is_in_the_log(
    patient: Client, alice_video: Video, failing: Any, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """W159"""
    failing(RuntimeError("the disk is on fire"))
    path = path.format(id=alice_video.pk)

    with caplog.at_level(logging.ERROR, "cattube"):
        answer = patient.get(path)

    [code] = CODE.findall(answer.content.decode())
    assert answer.status_code == 500
    assert any(record.getMessage().startswith(f"{code}: ") for record in caplog.records)


API_ERRORS = [
    pytest.param("GET", "/api/nowhere", {}, 404, "NOT_FOUND", id="unknown"),
    pytest.param("GET", "/api/videos/", {}, 404, "NOT_FOUND", id="slash-too-many"),
    pytest.param("GET", "/api/", {}, 404, "NOT_FOUND", id="root"),
    pytest.param("DELETE", "/api/videos", {}, 405, "METHOD_NOT_ALLOWED", id="method"),
    pytest.param("GET", "/notifications/transloadit", {}, 405, "METHOD_NOT_ALLOWED", id="engine"),
    pytest.param("GET", "/api/videos", {"Host": "evil.example"}, 400, "UNREADABLE_REQUEST", id="host"),
    pytest.param("GET", "/api/videos?limit=x", {}, 400, "INVALID_FIELDS", id="field"),
    pytest.param("GET", "/api/playlists", {}, 401, "LOGIN_NEEDED", id="guest"),
]


@pytest.mark.parametrize(("method", "path", "headers", "status", "code"), API_ERRORS)
def test_d110_every_error_of_the_api_has_one_shape(
    client: Client, db: None, method: str, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    """D110"""
    answer = client.generic(method, path, headers=headers)

    assert answer.status_code == status
    assert answer.json().keys() == {"error", "message"}
    assert answer.json()["error"] == code


def test_d110_wrong_method_tells_the_right_ones(client: Client, db: None) -> None:
    """D110"""
    answer = client.put(reverse("api:list_videos"))

    assert answer["Allow"] == "GET"
    assert answer.json()["message"] == "PUT is not possible here. Use GET."
