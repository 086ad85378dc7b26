"""Videos by the API: read, changed, deleted."""

import json
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client
from json_requests import patch
from statuses import ASSEMBLY_ID, objects_in_bucket

from cattube.videos import access
from cattube.videos.models import Video


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
            assert ("BUSY" if path.startswith("/api") else "One moment") in answer.content.decode()

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
