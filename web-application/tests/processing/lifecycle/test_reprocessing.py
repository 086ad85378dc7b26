"""Failed videos are processed again from the file that the engine has kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import MakeVideo
from django.db.models import F
from django.test import Client
from engine_double import EngineDouble
from statuses import (
    ASSEMBLY_ID,
    NOTIFICATION_URL,
    completed_status,
    failed_status,
    notification,
)

from cattube.errors import NotFound
from cattube.processing.lifecycle.cleanup import due_cleanups, next_attempt
from cattube.processing.lifecycle.reprocessing import MOST_TIME_TO_ASK, FileNotKept, process_again
from cattube.processing.lifecycle.retry import NotRetryable, start_new_attempt
from cattube.processing.models import Abandonment
from cattube.processing.transloadit.client import EngineSilent, EngineUnreachable
from cattube.videos.models import Video

NEW_ASSEMBLY_ID = "e" * 32
REPLAY = "cattube.processing.lifecycle.reprocessing.replay_assembly"
REASON = "Something broke."


@pytest.fixture
def failed_video(make_video: MakeVideo) -> Video:
    return make_video(
        status="failed", assembly_id=ASSEMBLY_ID, error_code="INTERNAL_COMMAND_ERROR", error_message=REASON
    )


def now(video: Video) -> Video:
    return Video.objects.get(pk=video.pk)


def report(client: Client, status: dict[str, Any]) -> str:
    answer = client.post(NOTIFICATION_URL, notification(status))
    assert answer.status_code == 200
    return str(answer.json()["outcome"])


def test_failed_video_becomes_ready_from_the_file_that_was_kept(
    engine_double: EngineDouble, failed_video: Video, client: Client
) -> None:
    process_again(failed_video.pk)

    video = now(failed_video)
    [(replayed, params)] = engine_double.replayed
    assert replayed == ASSEMBLY_ID
    assert (video.status, video.attempt, video.assembly_id) == ("processing", 2, NEW_ASSEMBLY_ID)
    assert (video.error_code, video.error_message) == ("", "")
    signed = {"video": video.pk, "attempt": 2, "folder": video.folder}
    assert params["fields"].items() >= signed.items()
    assert video.folder != failed_video.folder

    status = completed_status(video, assembly_id=NEW_ASSEMBLY_ID)

    assert report(client, status) == "applied"
    assert now(video).status == "ready"


def test_d100_what_the_failed_attempt_has_left_is_cleared_away(
    engine_double: EngineDouble, failed_video: Video
) -> None:
    """D100"""
    key = f"resized/{failed_video.folder}/cat.mp4"
    failed_video.assets.create(role="resized", object_key=key)
    engine_double.knows(failed_status(failed_video))

    process_again(failed_video.pk)

    row = Abandonment.objects.get()
    assert (row.attempt, row.assembly_id, row.object_keys) == (1, ASSEMBLY_ID, [])
    assert engine_double.asked == [f"GET {ASSEMBLY_ID}", f"DELETE {ASSEMBLY_ID}"]
    assert not now(failed_video).assets.exists()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param((400, {"error": "ASSEMBLY_CANNOT_BE_REPLAYED"}), FileNotKept, id="bytes-are-gone"),
        pytest.param((404, {"error": "ASSEMBLY_NOT_FOUND"}), FileNotKept, id="forgotten"),
        pytest.param((200, {"assembly_id": "none of ours"}), FileNotKept, id="nonsense"),
        pytest.param((503, {"error": "BUSY"}), EngineSilent, id="busy"),
        pytest.param((413, {"error": "RATE_LIMIT_REACHED"}), EngineSilent, id="asked-too-often"),
    ],
)
def test_d100_refusal_leaves_the_video_failed_for_its_reason(
    engine_double: EngineDouble,
    failed_video: Video,
    answer: tuple[int, dict[str, Any]],
    error: type[Exception],
) -> None:
    """D100"""
    failed_video.assets.create(role="resized", object_key="resized/a/cat.mp4")
    engine_double.replay_answer = answer

    with pytest.raises(error):
        process_again(failed_video.pk)

    video = now(failed_video)
    assert (video.status, video.attempt, video.assembly_id) == ("failed", 1, ASSEMBLY_ID)
    assert (video.error_message, video.folder) == (REASON, failed_video.folder)
    assert video.assets.exists()


def test_d100_engine_that_is_away_leaves_nothing_behind(failed_video: Video) -> None:
    """D100"""
    with pytest.raises(EngineSilent):
        process_again(failed_video.pk)

    assert now(failed_video).status == "failed"
    assert not Abandonment.objects.exists()


def test_d100_what_an_engine_begins_without_telling_is_unwanted(
    engine_double: EngineDouble, failed_video: Video, client: Client
) -> None:
    """D100"""
    engine_double.replay_answer = (502, {})
    with pytest.raises(EngineSilent):
        process_again(failed_video.pk)
    fields = engine_double.replayed[0][1]["fields"]

    late = completed_status(failed_video, assembly_id=NEW_ASSEMBLY_ID, params=json.dumps({"fields": fields}))
    again = start_new_attempt(failed_video.pk)

    assert fields["attempt"] == 2
    assert report(client, late) == "unwanted"
    assert (again.attempt, now(failed_video).status) == (3, "uploading")


def test_d100_upload_that_begins_meanwhile_goes_first(
    engine_double: EngineDouble, failed_video: Video, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    """D100"""

    def meanwhile(assembly_id: str, *, fields: dict[str, Any]) -> str:
        start_new_attempt(failed_video.pk)
        return NEW_ASSEMBLY_ID

    monkeypatch.setattr(REPLAY, meanwhile)

    process_again(failed_video.pk)

    video = now(failed_video)
    assert (video.attempt, video.assembly_id) == (3, "")
    assert next_attempt(video) == 4
    replayed = completed_status(video, attempt=2, assembly_id=NEW_ASSEMBLY_ID)
    assert report(client, replayed) == "unwanted"


@pytest.mark.parametrize("answer", [NEW_ASSEMBLY_ID, EngineUnreachable("timed out")])
def test_w143_video_that_is_done_before_the_engine_answers_has_its_own_files_alone(
    failed_video: Video, client: Client, monkeypatch: pytest.MonkeyPatch, answer: str | Exception
) -> None:
    """W143"""
    failed_video.assets.create(role="resized", object_key=f"resized/{failed_video.folder}/cat.mp4")

    def late(assembly_id: str, *, fields: dict[str, Any]) -> str:
        report(client, completed_status(now(failed_video), assembly_id=NEW_ASSEMBLY_ID))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(REPLAY, late)

    process_again(failed_video.pk)

    video = now(failed_video)
    assert (video.status, video.attempt, video.assembly_id) == ("ready", 2, NEW_ASSEMBLY_ID)
    keys = video.assets.values_list("object_key", flat=True)
    assert [NEW_ASSEMBLY_ID in key for key in keys] == [True] * 4
    assert Abandonment.objects.get().attempt == 1


def test_w143_files_of_a_failed_attempt_are_cleared_away_though_the_host_has_died(
    failed_video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W143"""
    folder = f"resized/{failed_video.folder}/"
    failed_video.assets.create(role="resized", object_key=f"{folder}cat.mp4")

    def die(assembly_id: str, *, fields: dict[str, Any]) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(REPLAY, die)
    with pytest.raises(KeyboardInterrupt):
        process_again(failed_video.pk)
    due_at_once = list(due_cleanups())
    Abandonment.objects.update(abandoned_at=F("abandoned_at") - MOST_TIME_TO_ASK)

    [row] = due_cleanups()

    assert due_at_once == []
    assert (row.attempt, row.assembly_id, row.object_keys) == (1, ASSEMBLY_ID, [folder])
    assert not failed_video.assets.exists()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        pytest.param({"status": "ready"}, NotRetryable, id="ready"),
        pytest.param({"status": "uploading"}, NotRetryable, id="not-arrived"),
        pytest.param({"status": "processing"}, NotRetryable, id="at-work"),
        pytest.param({"status": "failed", "attempt": 1000}, NotRetryable, id="too-often"),
        pytest.param({"status": "failed", "assembly_id": ""}, FileNotKept, id="never-at-the-engine"),
        pytest.param({"trashed_at": "2026-11-23T18:00:00Z"}, NotFound, id="in-the-trash"),
    ],
)
def test_other_videos_are_not_processed_again(
    engine_double: EngineDouble, failed_video: Video, fields: dict[str, Any], error: type[Exception]
) -> None:
    Video.objects.update(**fields)

    with pytest.raises(error):
        process_again(failed_video.pk)

    assert engine_double.replayed == []
    assert now(failed_video).attempt == fields.get("attempt", 1)


def test_file_that_went_to_the_bucket_is_uploaded_again(
    engine_double: EngineDouble, failed_video: Video
) -> None:
    failed_video.bucket_uploads.create(
        attempt=1, object_key="a/b", upload_id="c", size_bytes=1, part_bytes=1, webhook=""
    )

    with pytest.raises(FileNotKept):
        process_again(failed_video.pk)
