import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import MakeVideo
from django.conf import settings
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings
from statuses import ASSEMBLY_ID, objects_in_bucket

from cattube.accounts.models import ApiToken
from cattube.processing.transloadit.options import owner_name
from cattube.processing.transloadit.signature import verify
from cattube.videos import access
from cattube.videos.models import Video


def post(client: Client, path: str, data: Any, **more: Any) -> Any:
    return client.post(path, data if isinstance(data, str) else json.dumps(data), "application/json", **more)


def patch(client: Client, video: Video, data: Any) -> Any:
    return client.patch(f"/api/videos/{video.pk}", json.dumps(data), "application/json")


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
        monkeypatch.setattr("cattube.web.api.uploads.MAX_UNFINISHED", 2)

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


class TestAuthentication:
    def test_token_needs_no_csrf_header(self, alice: User) -> None:
        token = ApiToken.objects.issue(alice)
        client = Client(enforce_csrf_checks=True)

        answer = post(client, "/api/uploads", {"title": "Cat"}, headers={"Authorization": f"Bearer {token}"})

        assert answer.status_code == 201
        assert Video.objects.get().owner == alice

    @pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic YTpi", "x"])
    @pytest.mark.parametrize("path", ["/api/videos", "/api/videos/aaaaaaaaaaa"])
    def test_wrong_token_is_refused_even_where_none_is_needed(
        self, client: Client, db: None, path: str, header: str
    ) -> None:
        answer = client.get(path, headers={"Authorization": header})

        assert (answer.status_code, answer.json()["error"]) == (401, "LOGIN_NEEDED")

    def test_token_of_a_closed_account_is_void(self, client: Client, alice: User) -> None:
        token = ApiToken.objects.issue(alice)
        User.objects.update(is_active=False)

        assert client.get("/api/videos", headers={"Authorization": f"Bearer {token}"}).status_code == 401

    def test_token_is_not_kept_in_clear(self, alice: User) -> None:
        token = ApiToken.objects.issue(alice)

        assert token not in str(ApiToken.objects.values())

    def test_session_with_its_csrf_header_may_change_things(self, alice: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(alice)
        page = client.get("/upload/").content.decode()
        token = page.partition('name="csrf-token" content="')[2].partition('"')[0]

        answer = post(client, "/api/uploads", {"title": "Cat"}, headers={"X-CSRFToken": token})

        assert answer.status_code == 201

    def test_no_login_is_a_401_in_json(self, client: Client, db: None) -> None:
        answer = post(Client(enforce_csrf_checks=True), "/api/uploads", {"title": "Cat"})

        assert (answer.status_code, answer.json()["error"]) == (401, "LOGIN_NEEDED")


class TestVideo:
    def test_ready_video_has_links_and_measures(self, as_alice: Client, ready_video: Video) -> None:
        video = as_alice.get(f"/api/videos/{ready_video.pk}").json()

        assert (video["status"], video["progress"], video["error"]) == ("ready", 100, None)
        assert (video["width"], video["height"], video["duration_seconds"]) == (1280, 720, 12.5)
        assert video["sources"] == [
            {"url": video["transcoded"], "type": "video/mp4", "width": 1280, "height": 720, "label": "720p"}
        ]
        assert video["transcoded"].startswith(f"http://testserver/files/watermarked/{ASSEMBLY_ID}/cat.mp4?")
        assert f"/thumbnail/{ASSEMBLY_ID}/cat_0.jpg" in video["thumbnail"]
        assert (video["user"], video["assembly_id"], video["can_edit"]) == ("alice", ASSEMBLY_ID, True)

    def test_stranger_learns_neither_assembly_nor_reason(self, as_bob: Client, make_video: MakeVideo) -> None:
        video = make_video(
            visibility="public",
            status="failed",
            error_code="X",
            error_message="secret",
            assembly_id=ASSEMBLY_ID,
        )

        answer = as_bob.get(f"/api/videos/{video.pk}").json()

        assert answer["error"] == {"code": "NOT_AVAILABLE", "message": "Not available yet"}
        assert (answer["assembly_id"], answer["can_edit"]) == (None, False)

    def test_not_yours_and_not_there_are_told_in_the_same_words(
        self, as_bob: Client, alice_video: Video
    ) -> None:
        private, missing = as_bob.get(f"/api/videos/{alice_video.pk}"), as_bob.get("/api/videos/aaaaaaaaaaa")

        assert private.json() == missing.json()
        assert private.status_code == missing.status_code == 404

    def test_details_change_and_the_rest_stays(self, as_alice: Client, ready_video: Video) -> None:
        answer = patch(as_alice, ready_video, {"title": "Two cats", "tags": ["duo"], "status": "failed"})

        assert answer.status_code == 200
        assert (answer.json()["title"], answer.json()["tags"], answer.json()["status"]) == (
            "Two cats",
            ["duo"],
            "ready",
        )

    def test_edit_and_report_at_the_same_time_are_both_kept_d18(
        self, as_alice: Client, alice_video: Video, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        look_up = access.video_to_edit

        def report_comes_in_between(*args: Any, **kwargs: Any) -> Video:
            video = look_up(*args, **kwargs)
            Video.objects.filter(pk=video.pk).update(status="processing", progress=30)
            return video

        monkeypatch.setattr(access, "video_to_edit", report_comes_in_between)
        patch(as_alice, alice_video, {"title": "Two cats"})

        alice_video.refresh_from_db()
        assert (alice_video.title, alice_video.status, alice_video.progress) == ("Two cats", "processing", 30)

    def test_browser_tells_which_assembly_carries_the_file(
        self, as_alice: Client, alice_video: Video
    ) -> None:
        answer = patch(as_alice, alice_video, {"assembly_id": ASSEMBLY_ID})

        assert answer.json()["assembly_id"] == ASSEMBLY_ID

    @pytest.mark.parametrize("assembly_id", ["../../etc", "F" * 32, "f" * 33, "f" * 32 + "\n", ""])
    def test_assembly_id_of_another_form_is_refused(
        self, as_alice: Client, alice_video: Video, assembly_id: str
    ) -> None:
        assert patch(as_alice, alice_video, {"assembly_id": assembly_id}).status_code == 400

    def test_assembly_of_a_video_that_arrived_stays(self, as_alice: Client, ready_video: Video) -> None:
        answer = patch(as_alice, ready_video, {"assembly_id": "f" * 32, "title": "Never"})

        ready_video.refresh_from_db()
        assert (answer.status_code, answer.json()["error"]) == (409, "NOT_UPLOADING")
        assert (ready_video.assembly_id, ready_video.title) == (ASSEMBLY_ID, "Cat on a roof")

    def test_retry_signs_the_next_attempt_of_the_same_video(
        self, as_alice: Client, make_video: MakeVideo
    ) -> None:
        video = make_video(status="failed", error_code="X")

        answer = as_alice.post(f"/api/videos/{video.pk}/retry").json()

        fields = json.loads(answer["assembly"]["params"])["fields"]
        assert (fields["video"], fields["attempt"]) == (video.pk, 2)
        assert (answer["video"]["status"], answer["video"]["error"]) == ("uploading", None)

    def test_trash_and_back(self, as_alice: Client, ready_video: Video) -> None:
        path = f"/api/videos/{ready_video.pk}"

        assert as_alice.delete(path).status_code == 204
        assert as_alice.get(path).status_code == 404
        assert as_alice.get("/api/videos").json()["items"] == []
        assert as_alice.post(f"{path}/restore").status_code == 200
        assert as_alice.get(path).json()["status"] == "ready"

    def test_permanent_delete_frees_the_bytes(self, as_alice: Client, ready_video: Video) -> None:
        path = f"/api/videos/{ready_video.pk}"

        assert as_alice.delete(f"{path}?permanent=true").status_code == 204
        assert objects_in_bucket() == []
        assert as_alice.delete(f"{path}?permanent=true").status_code == 404

    def test_database_that_is_locked_is_try_again_not_an_error_f13(
        self, as_alice: Client, alice_video: Video, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def locked(*args: Any) -> None:
            raise OperationalError("database is locked")

        monkeypatch.setattr(access, "video_to_watch", locked)

        for path in (f"/api/videos/{alice_video.pk}", f"/videos/{alice_video.pk}"):
            answer = as_alice.get(path)
            assert (answer.status_code, answer["Retry-After"]) == (503, "2")
            assert answer.json()["error"] == "BUSY"

    def test_unexpected_error_tells_no_detail_d15(
        self, alice: User, alice_video: Video, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*args: Any) -> None:
            raise RuntimeError("/secret/path")

        monkeypatch.setattr(access, "video_to_watch", broken)
        client = Client(raise_request_exception=False)
        client.force_login(alice)

        for path in (f"/api/videos/{alice_video.pk}", f"/videos/{alice_video.pk}"):
            answer = client.get(path)
            assert answer.status_code == 500
            assert b"secret" not in answer.content
            assert answer["Content-Security-Policy"]


def test_description_of_the_api_names_every_route(client: Client, db: None) -> None:
    document = client.get("/api/openapi.json").json()

    routes = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert routes == {
        ("GET", "/api/tokens"),
        ("POST", "/api/tokens"),
        ("DELETE", "/api/tokens/{id}"),
        ("POST", "/api/uploads"),
        ("GET", "/api/uploads/{id}"),
        ("GET", "/api/uploads/{id}/parts"),
        ("POST", "/api/uploads/{id}/parts/{number}"),
        ("POST", "/api/uploads/{id}/complete"),
        ("GET", "/api/videos"),
        ("GET", "/api/videos/{id}"),
        ("GET", "/api/videos/{id}/events"),
        ("GET", "/api/videos/{id}/storyboard.vtt"),
        ("GET", "/api/videos/{id}/live/{name}"),
        ("PATCH", "/api/videos/{id}"),
        ("DELETE", "/api/videos/{id}"),
        ("POST", "/api/videos/{id}/retry"),
        ("POST", "/api/videos/{id}/restore"),
    }
    assert "VideoOut" in document["components"]["schemas"]


def test_browsable_docs_load_nothing_from_elsewhere(client: Client, db: None) -> None:
    page = client.get("/api/docs").content.decode()

    assert "swagger-ui-bundle" in page
    assert "http://" not in page
    assert "https://" not in page
