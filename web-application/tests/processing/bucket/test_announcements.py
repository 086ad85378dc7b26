"""Announcements of videos in the bucket, and what the engine makes of them."""

from __future__ import annotations

import json
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from processing.bucket.upload_steps import complete, status_from
from statuses import ASSEMBLY_ID, completed_status, executing_status

from cattube.processing.bucket.announcements import GIVE_UP_AFTER, pause_after
from cattube.processing.models import BucketUpload
from cattube.processing.reconcile import reconcile
from cattube.processing.webhook import webhook_url
from cattube.videos.models import Video


class TestAnnouncements:
    def test_s07_engine_that_is_away_is_told_later(
        self, as_alice: Client, sent: str, engine: EngineDouble
    ) -> None:
        engine.announcement_answer = (503, {})
        answer = complete(as_alice, sent)
        assert (answer.status_code, answer.json()["assembly_id"]) == (200, None)

        assert BucketUpload.objects.get().due_at is not None
        BucketUpload.objects.update(due_at=timezone.now() + timedelta(hours=1))
        reconcile()  # too early: nobody is asked in the meantime
        assert len(engine.announced) == 1
        engine.announcement_answer = (202, {"assembly_id": ASSEMBLY_ID})
        BucketUpload.objects.update(due_at=timezone.now())
        reconcile()

        assert len(engine.announced) == 2
        assert Video.objects.get(pk=sent).assembly_id == ASSEMBLY_ID
        reconcile()
        assert len(engine.announced) == 2

    def test_engine_that_never_accepts_it_is_given_up_after_a_day(
        self, as_alice: Client, sent: str, engine: EngineDouble
    ) -> None:
        engine.announcement_answer = (401, {"error": "SERVER_401"})
        complete(as_alice, sent)
        BucketUpload.objects.update(
            due_at=timezone.now(), completed_at=timezone.now() - GIVE_UP_AFTER - timedelta(minutes=1)
        )

        reconcile()
        reconcile()

        video = as_alice.get(f"/api/videos/{sent}").json()
        assert video["status"] == "failed"
        assert "Your file was fine" in video["error"]["message"]
        assert len(engine.announced) == 2

    def test_pauses_between_announcements_grow(self) -> None:
        seconds = [pause_after(count).total_seconds() for count in range(1, 30)]

        assert seconds[:4] == [5, 10, 20, 40]
        assert seconds == sorted(seconds)
        assert seconds[-1] == 300

    def test_engine_tells_how_far_it_is(
        self, as_alice: Client, accepted: Video, engine: EngineDouble
    ) -> None:
        engine.knows(status_from(executing_status, accepted, percent=40))

        video = as_alice.get(f"/api/videos/{accepted.pk}").json()

        assert (video["status"], video["progress"]) == ("processing", 40)

    def test_finished_assembly_brings_the_other_three_assets(
        self, as_alice: Client, accepted: Video, engine: EngineDouble
    ) -> None:
        engine.knows(status_from(completed_status, accepted))

        assert as_alice.get(f"/api/videos/{accepted.pk}").json()["status"] == "ready"
        roles = set(accepted.assets.values_list("role", flat=True))
        assert roles == {"original", "resized", "watermarked", "thumbnail"}

    def test_assembly_of_another_announcement_is_not_taken_for_ours(
        self, as_alice: Client, accepted: Video, engine: EngineDouble
    ) -> None:
        status = status_from(completed_status, accepted)
        forged = webhook_url("http://site.test", video_id=accepted.pk, attempt=1)[:-1] + "_"
        engine.knows({**status, "params": json.dumps({"inputObject": "x", "webhook": forged})})

        assert as_alice.get(f"/api/videos/{accepted.pk}").json()["status"] == "processing"
