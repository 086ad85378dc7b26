"""Reports of an engine about videos from the bucket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from processing.bucket.upload_steps import complete, report, snapshot, status_from
from statuses import completed_status, failed_status

from cattube.processing.bucket.resume_uploads import LONGEST_SILENCE
from cattube.processing.models import BucketUpload
from cattube.processing.reconcile import reconcile
from cattube.videos.models import Video


class TestNotification:
    def test_report_makes_the_site_ask_what_became_of_it(self, accepted: Video, engine: EngineDouble) -> None:
        engine.knows(status_from(completed_status, accepted))

        answer = report(accepted, outputObject="not/to/believe", thumbnail="nor/this/one")

        assert answer.status_code == 200
        accepted.refresh_from_db()
        assert accepted.is_ready
        assert accepted.duration_seconds == 12.5
        assert not accepted.assets.filter(object_key="not/to/believe").exists()

    def test_w04_report_that_comes_twice_changes_nothing(self, accepted: Video, engine: EngineDouble) -> None:
        engine.knows(status_from(completed_status, accepted))
        report(accepted)

        before = snapshot(Video), snapshot(Video.assets.rel.related_model)
        assert report(accepted).status_code == 200
        assert report(accepted, status="failed").status_code == 200

        assert (snapshot(Video), snapshot(Video.assets.rel.related_model)) == before

    def test_w07_failure_after_the_end_does_not_go_back(self, accepted: Video, engine: EngineDouble) -> None:
        engine.knows(status_from(completed_status, accepted))
        report(accepted)
        engine.knows(status_from(failed_status, accepted))

        assert report(accepted, status="failed").status_code == 200

        accepted.refresh_from_db()
        assert accepted.is_ready

    def test_file_that_is_no_video_fails_with_the_reason(
        self, as_alice: Client, accepted: Video, engine: EngineDouble
    ) -> None:
        engine.knows(status_from(failed_status, accepted))

        report(accepted, status="failed")

        video = as_alice.get(f"/api/videos/{accepted.pk}").json()
        reason = "cat.mp4 is not a video we can read"
        assert (video["status"], video["error"]["message"]) == ("failed", reason)

    def test_w01_address_that_we_have_not_made_is_refused(self, accepted: Video) -> None:
        upload = BucketUpload.objects.get()
        body = {"status": "success", "inputObject": upload.object_key}

        for token in ("x", f"{accepted.pk}:1", f"{accepted.pk}:1:{'a' * 43}", upload.webhook[-50:]):
            answer = Client().post(f"/notifications/videos/{token}", body, content_type="application/json")
            assert (answer.status_code, answer.json()["error"]) == (403, "NOT_ALLOWED")

    def test_report_about_another_object_is_refused(self, accepted: Video) -> None:
        assert report(accepted, inputObject=":original/other/cat.mp4").status_code == 400

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b"{" * 9000, b'{"a":' * 9000, b"\xff", b'{"x": "' + b"x" * 70_000 + b'"}']
    )
    def test_w08_body_that_is_no_report_is_refused(self, accepted: Video, body: bytes) -> None:
        path = BucketUpload.objects.get().webhook.removeprefix("http://127.0.0.1:80")

        assert Client().post(path, body, content_type="application/json").status_code == 400

    def test_w06_early_report_has_to_come_again(
        self, as_alice: Client, sent: str, engine: EngineDouble
    ) -> None:
        engine.announcement_answer = (503, {})
        complete(as_alice, sent)

        assert report(Video.objects.get(pk=sent)).status_code == 503

    def test_report_while_the_engine_is_away_has_to_come_again(
        self, accepted: Video, engine: EngineDouble
    ) -> None:
        engine.body = b"not json"

        assert report(accepted).status_code == 503

    def test_report_about_a_deleted_video_is_taken_and_forgotten(
        self, as_alice: Client, accepted: Video
    ) -> None:
        path = BucketUpload.objects.get().webhook.removeprefix("http://127.0.0.1:80")
        as_alice.delete(f"/api/videos/{accepted.pk}?permanent=true")

        assert Client().post(path, {"status": "success"}, content_type="application/json").status_code == 200
        assert not Video.objects.exists()


class TestEngineWithoutAssemblies:
    """Any program may stand behind TRANSCODER_WEBHOOK: then its report is all there is."""

    @pytest.fixture
    def plain(self, engine: EngineDouble, as_alice: Client, sent: str) -> Video:
        engine.announcement_answer = (200, {"ok": True})
        complete(as_alice, sent)
        return Video.objects.get(pk=sent)

    def test_success_is_believed(self, as_alice: Client, plain: Video) -> None:
        answer = report(plain, outputObject="out/1/cat.mp4", thumbnail="out/1/cat.jpg")

        assert answer.status_code == 200
        assert as_alice.get(f"/api/videos/{plain.pk}").json()["status"] == "ready"
        assert dict(plain.assets.values_list("role", "content_type")) == {
            "original": "video/mp4",
            "watermarked": "video/mp4",
            "thumbnail": "image/jpeg",
        }

    def test_failure_is_believed_once(self, as_alice: Client, plain: Video) -> None:
        report(plain, status="failed", error="INTERNAL_COMMAND_TIMEOUT")
        report(plain, outputObject="out/1/cat.mp4")

        video = as_alice.get(f"/api/videos/{plain.pk}").json()
        assert (video["status"], video["error"]["code"]) == ("failed", "INTERNAL_COMMAND_TIMEOUT")

    def test_silence_ends_after_a_day(self, as_alice: Client, plain: Video) -> None:
        reconcile()
        assert as_alice.get(f"/api/videos/{plain.pk}").json()["status"] == "processing"
        BucketUpload.objects.update(announced_at=timezone.now() - LONGEST_SILENCE - timedelta(minutes=1))

        reconcile()

        assert as_alice.get(f"/api/videos/{plain.pk}").json()["error"]["code"] == "INTERNAL_COMMAND_TIMEOUT"

    @pytest.mark.parametrize("key", ["../secret/x.mp4", "/a/b", 7, "a//b", "a\\b/c/d"])
    def test_w08_key_that_leads_elsewhere_is_refused(self, plain: Video, key: Any) -> None:
        assert report(plain, outputObject=key).status_code == 400
