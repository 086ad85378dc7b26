from datetime import timedelta
from pathlib import Path

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from engine_double import EngineDouble
from pytest_django import Settings
from statuses import (
    ASSEMBLY_ID,
    OTHER_ASSEMBLY_ID,
    completed_status,
    executing_status,
    objects_in_bucket,
    put_objects,
)

from cattube.processing import erasure
from cattube.processing.abandon import GRACE, UNUSED_LIFETIME, unsettled
from cattube.processing.models import Abandonment
from cattube.processing.reconcile import UPLOAD_LIFETIME, reconcile
from cattube.processing.retry import NotRetryable, start_new_attempt
from cattube.videos.models import Video


def later(age: timedelta) -> None:
    """Let `age` pass for what was abandoned."""
    then = timezone.now() - age - timedelta(seconds=1)
    Abandonment.objects.update(abandoned_at=then)


def test_video_whose_notification_never_came_becomes_ready(
    make_video: MakeVideo, engine_double: EngineDouble, capsys: pytest.CaptureFixture[str]
) -> None:
    video = make_video(assembly_id=ASSEMBLY_ID)
    engine_double.knows(completed_status(video))

    call_command("reconcile")

    video.refresh_from_db()
    assert video.is_ready
    assert "Looked at 1 records" in capsys.readouterr().out


def test_video_heard_of_a_moment_ago_is_left_alone(
    make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    make_video(assembly_id=ASSEMBLY_ID, checked_at=timezone.now())

    assert reconcile() == 0
    assert engine_double.asked == []


def test_one_unknown_assembly_does_not_keep_the_others_waiting(
    make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    make_video(assembly_id=OTHER_ASSEMBLY_ID, checked_at=timezone.now() - timedelta(hours=1))
    video = make_video(assembly_id=ASSEMBLY_ID)
    engine_double.knows(completed_status(video))

    reconcile()

    video.refresh_from_db()
    assert video.is_ready


def test_engine_that_is_down_ends_the_round_and_changes_nothing(make_video: MakeVideo) -> None:
    videos = [make_video(assembly_id=ASSEMBLY_ID), make_video(assembly_id=OTHER_ASSEMBLY_ID)]

    assert reconcile() == 0
    assert set(Video.objects.values_list("status", flat=True)) == {"uploading"}
    assert len(videos) == Video.objects.count()


def test_upload_that_never_came_has_failed_after_a_day(make_video: MakeVideo) -> None:
    late = make_video(attempted_at=timezone.now() - UPLOAD_LIFETIME - timedelta(seconds=1))
    fresh = make_video()

    reconcile()

    late.refresh_from_db()
    fresh.refresh_from_db()
    assert (late.status, late.error_code) == ("failed", "ASSEMBLY_EXPIRED")
    assert fresh.status == "uploading"


def test_erasing_while_encoding_cancels_the_assembly_and_frees_what_it_stored_s09(
    make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    video = make_video(assembly_id=ASSEMBLY_ID, status="processing")
    status = {**completed_status(video), "ok": "ASSEMBLY_EXECUTING"}
    put_objects(status)
    engine_double.knows(status)

    erasure.erase(video)

    assert engine_double.asked == [f"GET {ASSEMBLY_ID}", f"DELETE {ASSEMBLY_ID}"]
    assert objects_in_bucket() == []
    assert not Video.objects.exists()


def test_object_stored_after_the_cancel_is_freed_a_minute_later_s09(
    make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    video = make_video(assembly_id=ASSEMBLY_ID, status="processing")
    engine_double.knows(executing_status(video))
    erasure.erase(video)
    status = {**completed_status(video), "ok": "ASSEMBLY_CANCELED"}
    put_objects(status)
    engine_double.knows(status)

    later(GRACE)
    reconcile()

    assert objects_in_bucket() == []
    assert Abandonment.objects.get().settled_at is not None
    assert reconcile() == 0


def test_erasing_while_the_engine_is_down_is_finished_by_the_reconciler_s09(
    make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    video = make_video(assembly_id=ASSEMBLY_ID, status="processing")
    engine_double.http_status, engine_double.body = 500, b"{}"
    erasure.erase(video)

    engine_double.body, engine_double.http_status = None, 200
    engine_double.knows(completed_status(video))
    put_objects(completed_status(video))
    later(GRACE)
    reconcile()

    assert objects_in_bucket() == []
    assert Abandonment.objects.get().settled_at is not None


def test_erasing_frees_all_four_objects_s09(ready_video: Video) -> None:
    assert len(objects_in_bucket()) == 4

    erasure.erase(ready_video)
    erasure.erase(ready_video)

    assert objects_in_bucket() == []


def test_erasing_frees_what_stands_beside_the_records_too_s09(ready_video: Video, settings: Settings) -> None:
    beside = Path(settings.BUCKET_FOLDER) / f"watermarked/{ASSEMBLY_ID}/720p"
    beside.mkdir()
    (beside / "720p_0.ts").touch()

    erasure.erase(ready_video)

    assert objects_in_bucket() == []


def test_erasing_a_finished_video_has_the_engine_forget_its_files_too(
    ready_video: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(completed_status(ready_video))

    erasure.erase(ready_video)

    assert engine_double.asked == [f"GET {ASSEMBLY_ID}", f"DELETE {ASSEMBLY_ID}"]


def test_account_that_is_deleted_takes_its_objects_along_s09(alice: User, ready_video: Video) -> None:
    alice.delete()
    reconcile()

    assert objects_in_bucket() == []


def test_erasing_a_video_with_a_claimed_assembly_leaves_the_other_videos_objects(
    make_video: MakeVideo, ready_video: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(completed_status(ready_video))
    thief = make_video(assembly_id=ASSEMBLY_ID)

    erasure.erase(thief)

    assert len(objects_in_bucket()) == 4


def test_erasing_a_video_with_a_claimed_assembly_does_not_cancel_it(
    make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    engine_double.knows(executing_status(make_video(assembly_id=ASSEMBLY_ID)))
    engine_double.knows({"assembly_id": OTHER_ASSEMBLY_ID, "ok": "ASSEMBLY_EXECUTING", "params": "{}"})

    for claimed in (ASSEMBLY_ID, OTHER_ASSEMBLY_ID):
        erasure.erase(make_video(assembly_id=claimed))

    assert engine_double.asked == [f"GET {ASSEMBLY_ID}", f"GET {OTHER_ASSEMBLY_ID}"]


def test_drafts_that_were_thrown_away_do_not_hold_up_the_rest(
    make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    for _ in range(3):
        erasure.erase(make_video())
    video = make_video(assembly_id=ASSEMBLY_ID, status="processing")
    erasure.erase(video)

    assert [row.video_id for row in unsettled()] == [video.pk]


def test_upload_that_never_began_is_forgotten_when_its_params_are_void(alice_video: Video) -> None:
    erasure.erase(alice_video)
    reconcile()
    before = Abandonment.objects.get().settled_at

    later(UNUSED_LIFETIME)
    reconcile()

    assert before is None
    assert Abandonment.objects.get().settled_at is not None


def test_new_attempt_keeps_the_record_and_frees_the_old_objects(
    ready_video: Video, engine_double: EngineDouble
) -> None:
    Video.objects.filter(pk=ready_video.pk).update(status="failed", error_code="X", error_message="Y")

    video = start_new_attempt(ready_video.pk)

    assert (video.pk, video.attempt, video.status, video.error_code) == (ready_video.pk, 2, "uploading", "")
    assert video.assembly_id == ""
    assert objects_in_bucket() == []


@pytest.mark.parametrize("status", ["processing", "ready"])
def test_video_that_arrived_is_not_uploaded_again(make_video: MakeVideo, status: str) -> None:
    video = make_video(status=status)

    with pytest.raises(NotRetryable):
        start_new_attempt(video.pk)
