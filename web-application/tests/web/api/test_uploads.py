"""Announcing an upload by the API."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from json_requests import post
from pytest_django import Settings

from cattube.processing.transloadit.options import owner_name
from cattube.processing.transloadit.signature import verify
from cattube.videos.models import Video


class TestCreateUpload:
    def test_record_exists_before_the_first_byte(self, as_alice: Client, alice: User) -> None:
        answer = post(as_alice, "/api/uploads", {"title": " Cat ", "tags": ["Roof", "roof", "#grey  cat"]})

        video = Video.objects.get()
        assert answer.status_code == 201
        assert (video.title, video.owner, video.status, video.visibility) == (
            "Cat",
            alice,
            "uploading",
            "private",
        )
        assert answer.json()["video"]["tags"] == ["grey cat", "roof"]
        assert answer.json()["video"]["url"] == f"/videos/{video.pk}"

    def test_assembly_options_are_signed_for_this_video_and_file(self, as_alice: Client, alice: User) -> None:
        answer = post(as_alice, "/api/uploads", {"title": "Cat"}).json()

        assembly = answer["assembly"]
        verify(assembly["params"], assembly["signature"], secret=settings.TRANSLOADIT_SECRET)
        params = json.loads(assembly["params"])
        expires = datetime.strptime(params["auth"]["expires"], "%Y/%m/%d %H:%M:%S%z")
        video = Video.objects.get()
        assert params["fields"] == {
            "video": answer["video"]["id"],
            "attempt": 1,
            "folder": video.folder,
            "owner": owner_name(alice.pk),
            "notify_early": True,
        }
        assert params["auth"]["key"] == settings.TRANSLOADIT_KEY
        assert params["auth"]["max_number_of_files"] == 1
        assert params["auth"]["max_size"] == settings.MAX_UPLOAD_BYTES
        assert params["template_id"] == "cattube"
        assert params["notify_url"] == "http://127.0.0.1:80/notifications/transloadit"
        assert timedelta(0) < expires - datetime.now(UTC) <= timedelta(hours=12)

    def test_m30_options_name_their_owner_by_a_word_that_leads_to_nobody(
        self, as_alice: Client, as_bob: Client, alice: User
    ) -> None:
        answers = [post(client, "/api/uploads", {"title": "Cat"}) for client in (as_alice, as_alice, as_bob)]

        owners = [json.loads(answer.json()["assembly"]["params"])["fields"]["owner"] for answer in answers]
        assert owners[0] == owners[1] != owners[2]
        assert re.fullmatch(r"[0-9a-f]{32}", owners[0])
        assert alice.username not in owners[0]

    def test_engine_reports_to_the_address_of_the_site(self, as_alice: Client, settings: Settings) -> None:
        settings.SITE_URL = "https://tube.example.org"

        params = json.loads(post(as_alice, "/api/uploads", {"title": "Cat"}).json()["assembly"]["params"])

        assert params["notify_url"] == "https://tube.example.org/notifications/transloadit"

    def test_no_two_signatures_are_equal_w10(self, as_alice: Client) -> None:
        nonces = {
            json.loads(post(as_alice, "/api/uploads", {"title": "Cat"}).json()["assembly"]["params"])["auth"][
                "nonce"
            ]
            for _ in range(5)
        }

        assert len(nonces) == 5

    def test_forwarded_host_of_a_client_is_ignored_t23_d10(
        self, as_alice: Client, settings: Settings
    ) -> None:
        settings.TRANSLOADIT_SERVICE = ""

        answer = post(
            as_alice, "/api/uploads", {"title": "Cat"}, headers={"X-Forwarded-Host": "evil.example"}
        )

        assert answer.json()["assembly"]["service"] == "http://testserver:5678"

    def test_owner_and_state_cannot_be_sent_d06(self, as_alice: Client, alice: User, bob: User) -> None:
        extra = {
            "owner": bob.pk,
            "owner_id": bob.pk,
            "status": "ready",
            "id": "aaaaaaaaaaa",
            "user": "bob",
            "attempt": 7,
        }
        post(as_alice, "/api/uploads", {"title": "Cat", **extra})

        video = Video.objects.get()
        assert (video.owner, video.status, video.attempt) == (alice, "uploading", 1)
        assert video.pk != "aaaaaaaaaaa"

    def test_file_above_the_limit_is_refused_before_the_first_byte_t07(self, as_alice: Client) -> None:
        answer = post(as_alice, "/api/uploads", {"title": "Cat", "size_bytes": settings.MAX_UPLOAD_BYTES + 1})

        assert (answer.status_code, answer.json()["error"]) == (413, "MAX_SIZE_EXCEEDED")
        assert not Video.objects.exists()

    def test_endless_creating_is_stopped_t08(self, as_alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("cattube.web.api.uploads.uploads.MAX_UNFINISHED", 2)

        answers = [post(as_alice, "/api/uploads", {"title": "Cat"}) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert answers[2]["Retry-After"]

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param({}, id="no-title"),
            pytest.param({"title": "   "}, id="blank-title"),
            pytest.param({"title": 7}, id="number"),
            pytest.param({"title": "\u200b\u3164"}, id="title-that-shows-nothing"),
            pytest.param({"title": "\ud83d"}, id="half-an-emoji"),
            pytest.param({"title": "x" * 201}, id="long-title"),
            pytest.param({"title": "a\x00b"}, id="NUL"),
            pytest.param({"title": "Cat", "description": "x" * 10_001}, id="long-description"),
            pytest.param({"title": "Cat", "visibility": "secret"}, id="visibility"),
            pytest.param({"title": "Cat", "tags": "cat"}, id="tags-text"),
            pytest.param({"title": "Cat", "tags": ["x" * 41]}, id="long-tag"),
            pytest.param({"title": "Cat", "tags": [f"t{n}" for n in range(21)]}, id="many-tags"),
            pytest.param({"title": "Cat", "tags": ["a,b"]}, id="comma"),
            pytest.param({"title": "Cat", "size_bytes": -1}, id="negative-size"),
            pytest.param({"title": "Cat", "size_bytes": 10**400}, id="size-without-end"),
            pytest.param("{", id="no-json"),
            pytest.param("[" * 100_000, id="D14-deep"),
            pytest.param("NaN", id="nan"),
            pytest.param([], id="list"),
        ],
    )
    def test_wrong_fields_are_named_in_a_400(self, as_alice: Client, body: Any) -> None:
        answer = post(as_alice, "/api/uploads", body)

        assert (answer.status_code, answer.json().keys()) == (400, {"error", "message"})
        assert not Video.objects.exists()

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ({}, "title: This field is needed."),
            ({"title": 7}, "title: Give a text."),
            ({"title": " "}, "title: Write something."),
            ({"title": "\u200b"}, "title: Write something that can be seen."),
            ({"title": "x" * 201}, "title: Use at most 200 characters."),
            ({"title": "Cat", "tags": "cat"}, "tags: Give a list."),
            ({"title": "Cat", "tags": ["a", 7]}, "tags.1: Give a text."),
            ({"title": "Cat", "tags": ["a,b"]}, "tags: A tag has no commas and no control characters."),
            ({"title": "Cat", "visibility": "all"}, "visibility: Choose 'public', 'unlisted' or 'private'."),
            ({"title": "Cat", "size_bytes": -1}, "size_bytes: Give a number of at least 0."),
            ({"title": "Cat", "size_bytes": "big"}, "size_bytes: Give a whole number."),
        ],
    )
    def test_wrong_field_is_told_in_words(self, as_alice: Client, body: Any, words: str) -> None:
        assert post(as_alice, "/api/uploads", body).json()["message"] == words

    def test_half_an_emoji_is_told_in_words(self, as_alice: Client) -> None:
        answer = post(as_alice, "/api/uploads", {"title": "\ud83d"}).json()

        assert answer["message"] == "title: Give a text: it has half a character in it."

    def test_title_is_kept_in_one_form_whoever_typed_it(self, as_alice: Client) -> None:
        answer = post(as_alice, "/api/uploads", {"title": "U\u0308bung"}).json()

        assert answer["video"]["title"] == "Übung"

    def test_huge_body_is_refused_unread_d14(self, as_alice: Client) -> None:
        answer = post(as_alice, "/api/uploads", {"title": "x" * 3_000_000})

        assert (answer.status_code, answer.json()["error"]) == (413, "TOO_LARGE")
