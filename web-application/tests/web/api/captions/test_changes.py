"""Captions set, replaced and deleted by the API, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from web.api.captions.caption_requests import CLEAN, SUBRIP, WEBVTT, get, put

from cattube.accounts.models import ApiToken
from cattube.accounts.tokens.token_scopes import Scope
from cattube.captions.models import CaptionTrack, Cue
from cattube.captions.tracks import MAX_LANGUAGES
from cattube.community.flood import MOST
from cattube.videos.models import Video


def test_video_names_its_captions(as_alice: Client, client: Client, video: Video) -> None:
    put(as_alice, video, "pt-br", query="?label=Falas&kind=subtitles")
    put(as_alice, video, "de")

    items = client.get(f"/api/videos/{video.pk}").json()["captions"]

    assert items == client.get(f"/api/videos/{video.pk}/captions").json()["items"]
    assert [(item["language"], item["label"], item["kind"], item["source"]) for item in items] == [
        ("de", "Deutsch", "captions", "uploaded"),
        ("pt-BR", "Falas", "subtitles", "uploaded"),
    ]
    assert items[1]["url"] == f"http://testserver/api/videos/{video.pk}/captions/pt-BR"
    assert client.get(items[1]["url"]).content.decode() == CLEAN


def test_same_language_in_another_spelling_takes_its_place_d87(as_alice: Client, video: Video) -> None:
    """D87: label and kind stay, unless they are sent."""
    put(as_alice, video, "en-gb", query="?label=Talk&kind=subtitles")
    put(as_alice, video, "EN_GB", SUBRIP, content_type="application/x-subrip")

    track = CaptionTrack.objects.get()
    assert (track.language, track.label, track.kind, track.cues.count()) == (
        "en-GB",
        "Talk",
        "subtitles",
        1,
    )


def test_deleted_captions_are_gone(as_alice: Client, client: Client, video: Video) -> None:
    put(as_alice, video)

    assert as_alice.delete(f"/api/videos/{video.pk}/captions/en").status_code == 204
    assert get(client, video).status_code == 404
    assert not Cue.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        pytest.param(WEBVTT, "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE", id="plain"),
        pytest.param("{}", "application/json", 415, "UNSUPPORTED_MEDIA_TYPE", id="json"),
        pytest.param("\n", "text/vtt", 400, "CAPTIONS_UNREADABLE", id="empty"),
        pytest.param(SUBRIP, "text/vtt", 400, "CAPTIONS_UNREADABLE", id="subrip-called-webvtt"),
        pytest.param("<html></html>", "application/x-subrip", 400, "CAPTIONS_UNREADABLE", id="html"),
        pytest.param(b"x" * 2_000_001, "text/vtt", 413, "TOO_LARGE", id="too-large"),
    ],
)
def test_what_is_no_captions_is_refused_and_changes_nothing_d84(
    as_alice: Client,
    client: Client,
    video: Video,
    body: Any,
    content_type: str,
    status: int,
    code: str,
) -> None:
    """D83, D84"""
    put(as_alice, video)

    answer = put(as_alice, video, body=body, content_type=content_type)

    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert get(client, video).content.decode() == CLEAN


@pytest.mark.parametrize("language", ["english", "e", "en-", "<b>", "x" * 50])
def test_what_is_no_language_is_refused_d87(as_alice: Client, video: Video, language: str) -> None:
    """D87"""
    expected = 204 if language == "english" else 400  # which the syntax allows

    assert put(as_alice, video, language).status_code == expected


@pytest.mark.parametrize("query", ["?kind=karaoke", f"?label={'a' * 101}"])
def test_details_that_do_not_fit_are_refused(as_alice: Client, video: Video, query: str) -> None:
    assert put(as_alice, video, query=query).status_code == 400


def test_number_of_languages_is_limited_d83(as_alice: Client, video: Video) -> None:
    """D83"""
    CaptionTrack.objects.bulk_create(
        CaptionTrack(video=video, language=f"en-x-{number}") for number in range(MAX_LANGUAGES)
    )

    assert put(as_alice, video, "de").json()["error"] == "TOO_MANY_LANGUAGES"
    assert put(as_alice, video, "en-x-1").status_code == 204


def test_text_of_all_languages_together_is_limited_d73(
    as_alice: Client, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D73: what takes the place of other captions does not count twice."""
    monkeypatch.setattr("cattube.captions.tracks.MAX_CHARACTERS", 40)
    assert put(as_alice, video, "de", SUBRIP, content_type="application/x-subrip").status_code == 204

    refused = put(as_alice, video, "en")

    assert (refused.status_code, refused.json()["error"]) == (409, "TOO_MUCH_TEXT")
    assert put(as_alice, video, "de", SUBRIP * 3, content_type="application/x-subrip").status_code == 204


@pytest.mark.parametrize(("characters", "most"), [(6, "captions"), (3_000, "long_captions")])
def test_flood_of_captions_is_told_to_wait_d73(
    as_alice: Client, video: Video, monkeypatch: pytest.MonkeyPatch, characters: int, most: str
) -> None:
    """D73: of long ones sooner."""
    monkeypatch.setattr("cattube.web.caption_floods.LONG_CHARACTERS", 2_000)
    monkeypatch.setitem(MOST, most, 2)
    body = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{'x' * characters}\n"

    answers = [put(as_alice, video, body=body) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [204, 204, 429]
    page = as_alice.post(f"/videos/{video.pk}/captions/en", {"content": body}).content.decode()
    assert "That was a lot at once." in page


def test_token_needs_the_scope_of_changes(video: Video) -> None:
    for scope, status in ((Scope.READ, 403), (Scope.EDIT, 204)):
        token = ApiToken.objects.issue_with(video.owner, scopes=[scope])[1]
        script = Client(headers={"authorization": f"Bearer {token}"})

        assert put(script, video).status_code == status


def test_video_that_goes_to_the_trash_meanwhile_takes_no_captions_d88(
    as_alice: Client, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D88"""

    def trash(*_: Any, **__: Any) -> list[Any]:
        Video.objects.update(trashed_at=timezone.now())
        return []

    monkeypatch.setattr("cattube.web.api.captions.captions.read_captions", trash)

    assert put(as_alice, video).status_code == 404
    assert not CaptionTrack.objects.exists()


def test_captions_go_with_their_video_d88(as_alice: Client, video: Video) -> None:
    """D88"""
    put(as_alice, video)

    as_alice.delete(f"/api/videos/{video.pk}?permanent=true")

    assert (CaptionTrack.objects.count(), Cue.objects.count()) == (0, 0)
