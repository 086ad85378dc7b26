"""Uploads that nobody wants or goes on with leave nothing in the bucket."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from processing.bucket.upload_steps import PART_BYTES, Bucket, put_part, status_from
from statuses import ASSEMBLY_ID, executing_status

from cattube.processing.reconcile import UPLOAD_LIFETIME, reconcile
from cattube.videos.models import Video


class TestCleanup:
    def test_s08_cancelled_upload_leaves_nothing_in_the_bucket(
        self, as_alice: Client, bucket: Bucket, begun: str
    ) -> None:
        put_part(as_alice, begun, 1)

        as_alice.delete(f"/api/videos/{begun}?permanent=true")

        assert bucket.unfinished == []

    def test_s08_new_attempt_frees_the_parts_of_the_one_before(
        self, as_alice: Client, bucket: Bucket, begun: str
    ) -> None:
        put_part(as_alice, begun, 1)
        before = bucket.unfinished

        answer = as_alice.post(f"/api/videos/{begun}/retry")

        assert answer.status_code == 201
        assert answer.json()["bucket"]["part_bytes"] == PART_BYTES
        assert len(bucket.unfinished) == 1
        assert bucket.unfinished != before

    def test_s08_upload_that_never_ends_is_aborted_after_a_day(
        self, as_alice: Client, bucket: Bucket, begun: str
    ) -> None:
        put_part(as_alice, begun, 1)
        Video.objects.update(attempted_at=timezone.now() - UPLOAD_LIFETIME - timedelta(minutes=1))

        reconcile()

        assert bucket.unfinished == []
        assert as_alice.get(f"/api/videos/{begun}").json()["error"]["code"] == "ASSEMBLY_EXPIRED"
        reconcile()  # nothing is left to do

    def test_s09_deleted_video_takes_its_original_along(
        self, as_alice: Client, bucket: Bucket, accepted: Video, engine: EngineDouble
    ) -> None:
        engine.knows(status_from(executing_status, accepted))

        as_alice.delete(f"/api/videos/{accepted.pk}?permanent=true")

        assert bucket.keys == []
        assert f"DELETE {ASSEMBLY_ID}" in engine.asked
