import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

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
    ladder_status,
    objects_in_bucket,
    published_status,
    put_objects,
)

from cattube.processing.lifecycle.cleanup import GRACE, UNUSED_LIFETIME, due_cleanups
from cattube.processing.lifecycle.deletion import delete_forever
from cattube.processing.lifecycle.retry import NotRetryable, start_new_attempt
from cattube.processing.models import Abandonment
from cattube.processing.reconcile import UPLOAD_LIFETIME, poll_quiet_videos, reconcile
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


NOW = datetime(2026, 11, 27, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "phase", "seconds", "is_asked"),
    [
        ("processing", "processing", 2, False),
        ("processing", "storing", 3, True),
        ("processing", "", None, True),
        ("uploading", "", 4, False),
        ("uploading", "uploading", 5, True),
        ("ready", "improving", 29, False),
        ("ready", "improving", 30, True),
        ("ready", "", 9999, False),
        ("failed", "", None, False),
    ],
)
def test_video_that_nobody_watches_is_asked_about_as_often_as_it_matters(
    make_video: MakeVideo,
    engine_double: EngineDouble,
    status: str,
    phase: str,
    seconds: int | None,
    is_asked: bool,
) -> None:
    checked_at = None if seconds is None else NOW - timedelta(seconds=seconds)
    video = make_video(assembly_id=ASSEMBLY_ID, status=status, phase=phase, checked_at=checked_at)
    engine_double.knows(executing_status(video))

    asked = [poll_quiet_videos(NOW), poll_quiet_videos(NOW)]

    assert asked == [int(is_asked), 0]
    assert len(engine_double.asked) == int(is_asked)


def test_many_uploads_that_pause_hold_up_nobody(
    make_video: MakeVideo, engine_double: EngineDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cattube.processing.reconcile.POLLS_PER_ROUND", 2)
    for number in range(5):
        checked_at = NOW - timedelta(hours=9 - number)
        make_video(assembly_id=f"{number:032}", checked_at=checked_at)
    video = make_video(assembly_id=ASSEMBLY_ID, status="processing", checked_at=NOW - timedelta(seconds=3))
    engine_double.knows(published_status(video))

    asked = [poll_quiet_videos(NOW) for _ in range(3)]

    video.refresh_from_db()
    assert asked == [3, 2, 1]
    assert engine_double.asked[0] == f"GET {ASSEMBLY_ID}"
    assert video.is_ready


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

    delete_forever(video)

    assert engine_double.asked == [f"GET {ASSEMBLY_ID}", f"DELETE {ASSEMBLY_ID}"]
    assert objects_in_bucket() == []
    assert not Video.objects.exists()


@pytest.mark.parametrize("steps", [(), ("storyboard", "1080p")], ids=["ladder-encoded", "ladder-stored"])
def test_erasing_a_video_that_improves_leaves_no_ghost_of_the_rest_s09(
    make_video: MakeVideo, engine_double: EngineDouble, steps: tuple[str, ...]
) -> None:
    video = make_video(assembly_id=ASSEMBLY_ID)
    status = published_status(video, *steps)
    put_objects(status)
    engine_double.knows(status)
    reconcile()
    video.refresh_from_db()

    for _ in range(2):
        delete_forever(video)
    asked, left = list(engine_double.asked), objects_in_bucket()
    # What was being stored at that moment arrives after all; of "hls" no result was ever told.
    late: dict[str, Any] = ladder_status(video)
    put_objects(late)
    reported = {step: entries for step, entries in late["results"].items() if step != "hls"}
    stored = {"robot": "/backblaze/store", "use": ["hls", "../x"]}
    instructions = json.dumps({"steps": {":original": {}, "hls": {}, "../x": {}, "exported": stored}})
    engine_double.knows(
        {**late, "ok": "ASSEMBLY_CANCELED", "results": reported, "merged_params": instructions}
    )
    later(GRACE)
    reconcile()

    assert video.is_ready
    assert asked[-2:] == [f"GET {ASSEMBLY_ID}", f"DELETE {ASSEMBLY_ID}"]
    assert left == objects_in_bucket() == []
    assert Abandonment.objects.get().settled_at is not None


def test_object_stored_after_the_cancel_is_freed_a_minute_later_s09(
    make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    video = make_video(assembly_id=ASSEMBLY_ID, status="processing")
    engine_double.knows(executing_status(video))
    delete_forever(video)
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
    delete_forever(video)

    engine_double.body, engine_double.http_status = None, 200
    engine_double.knows(completed_status(video))
    put_objects(completed_status(video))
    later(GRACE)
    reconcile()

    assert objects_in_bucket() == []
    assert Abandonment.objects.get().settled_at is not None


def test_erasing_frees_all_four_objects_s09(ready_video: Video) -> None:
    assert len(objects_in_bucket()) == 4

    delete_forever(ready_video)
    delete_forever(ready_video)

    assert objects_in_bucket() == []


def test_erasing_frees_what_stands_beside_the_records_too_s09(ready_video: Video, settings: Settings) -> None:
    beside = Path(settings.BUCKET_FOLDER) / f"watermarked/{ASSEMBLY_ID}/720p"
    beside.mkdir()
    (beside / "720p_0.ts").touch()

    delete_forever(ready_video)

    assert objects_in_bucket() == []


def test_erasing_a_finished_video_has_the_engine_forget_its_files_too(
    ready_video: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(completed_status(ready_video))

    delete_forever(ready_video)

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

    delete_forever(thief)

    assert len(objects_in_bucket()) == 4


def test_erasing_a_video_with_a_claimed_assembly_does_not_cancel_it(
    make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    engine_double.knows(executing_status(make_video(assembly_id=ASSEMBLY_ID)))
    engine_double.knows({"assembly_id": OTHER_ASSEMBLY_ID, "ok": "ASSEMBLY_EXECUTING", "params": "{}"})

    for claimed in (ASSEMBLY_ID, OTHER_ASSEMBLY_ID):
        delete_forever(make_video(assembly_id=claimed))

    assert engine_double.asked == [f"GET {ASSEMBLY_ID}", f"GET {OTHER_ASSEMBLY_ID}"]


def test_drafts_that_were_thrown_away_do_not_hold_up_the_rest(
    make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    for _ in range(3):
        delete_forever(make_video())
    video = make_video(assembly_id=ASSEMBLY_ID, status="processing")
    delete_forever(video)

    assert [row.video_id for row in due_cleanups()] == [video.pk]


def test_upload_that_never_began_is_forgotten_when_its_params_are_void(alice_video: Video) -> None:
    delete_forever(alice_video)
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
