"""Objects nobody knows are found and removed; what somebody knows, or may soon, is left alone."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import MakeVideo
from django.core.management import CommandError, call_command
from pytest_django import Settings
from servers.s3_server import S3Server
from statuses import ASSEMBLY_ID, OTHER_ASSEMBLY_ID, objects_in_bucket

from cattube.processing.lifecycle.orphans import (
    Differences,
    RecordedObjects,
    compare,
    confirmed,
    recorded_objects,
)
from cattube.storage.objects import StoredObject, UnfinishedUpload
from cattube.videos.models import Asset, Video

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OLD, YOUNG = NOW - timedelta(days=3), NOW - timedelta(hours=1)
BEFORE = NOW - timedelta(days=2)
KNOWN = RecordedObjects(
    objects={"watermarked/a/cat.mp4": "video1", "thumbnail/a/cat.jpg": "video1"},
    uploads={"going on"},
    folders={"hls/a/"},
    attempts={"running"},
)


def stored(key: str, *, at: datetime = OLD, is_visible: bool = True) -> StoredObject:
    return StoredObject(key, 10, at, is_visible)


@pytest.mark.parametrize(
    ("object_key", "at", "kind"),
    [
        pytest.param("watermarked/a/cat.mp4", OLD, "", id="recorded"),
        pytest.param("hls/a/720p/720p_0.ts", OLD, "", id="piece-of-a-playlist"),
        pytest.param("hls/b/720p/720p_0.ts", OLD, "orphans", id="piece-of-nothing"),
        pytest.param("resized/running/cat.mp4", OLD, "", id="assembly-at-work"),
        pytest.param("resized/gone/cat.mp4", OLD, "orphans", id="assembly-gone"),
        pytest.param("resized/gone/cat.mp4", YOUNG, "", id="young"),
        pytest.param("backup.sql", OLD, "foreign", id="not-ours"),
        pytest.param("a/../b/c", OLD, "foreign", id="S01-no-key-of-ours"),
    ],
)
def test_object_is_judged_by_name_age_and_record(object_key: str, at: datetime, kind: str) -> None:
    differences = compare([stored(object_key, at=at)], [], KNOWN, before=BEFORE)

    kinds = {"orphans": differences.orphans, "foreign": differences.foreign}
    assert [name for name, objects in kinds.items() if objects] == [kind] * bool(kind)


def test_record_whose_object_is_gone_or_hidden_is_lost() -> None:
    differences = compare([stored("thumbnail/a/cat.jpg", is_visible=False)], [], KNOWN, before=BEFORE)

    assert differences.lost == {"watermarked/a/cat.mp4": "video1", "thumbnail/a/cat.jpg": "video1"}


@pytest.mark.parametrize(
    ("upload_id", "at", "is_dead"), [("x", OLD, True), ("x", YOUNG, False), ("going on", OLD, False)]
)
def test_upload_that_nobody_goes_on_with_is_dead_s08(upload_id: str, at: datetime, is_dead: bool) -> None:
    upload = UnfinishedUpload("resized/gone/cat.mp4", upload_id, at)

    assert compare([], [upload], KNOWN, before=BEFORE).dead == [upload] * is_dead


def test_what_got_or_lost_its_record_while_the_bucket_was_listed_is_no_finding() -> None:
    earlier = Differences(
        orphans=[stored("watermarked/a/cat.mp4"), stored("resized/gone/cat.mp4")],
        lost={"resized/erased/cat.mp4": "video2", "thumbnail/a/cat.jpg": "video1"},
        dead=[UnfinishedUpload("resized/b/cat.mp4", "going on", OLD)],
    )

    differences = confirmed(earlier, KNOWN)

    assert [orphan.object_key for orphan in differences.orphans] == ["resized/gone/cat.mp4"]
    assert differences.lost == {"thumbnail/a/cat.jpg": "video1"}
    assert differences.dead == []


def test_objects_of_a_video_that_improves_are_somebodys(make_video: MakeVideo) -> None:
    improving = make_video(assembly_id=ASSEMBLY_ID, status="ready", phase="improving")
    make_video(assembly_id=OTHER_ASSEMBLY_ID, status="ready")

    assert recorded_objects().attempts == {ASSEMBLY_ID, improving.folder}


def put(settings: Settings, key: str) -> Path:
    path = Path(settings.BUCKET_FOLDER) / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"meow")
    three_days_ago = time.time() - timedelta(days=3).total_seconds()
    os.utime(path, (three_days_ago, three_days_ago))
    return path


def test_command_tells_first_and_removes_when_told(
    ready_video: Video, make_video: MakeVideo, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    make_video(assembly_id=OTHER_ASSEMBLY_ID, status="processing")
    objects = objects_in_bucket()
    at_work, orphan, foreign = (
        f"resized/{OTHER_ASSEMBLY_ID}/cat.mp4",
        "resized/gone/cat.mp4",
        "notes.txt",
    )
    for key in (at_work, orphan, foreign):
        put(settings, key)
    (Path(settings.BUCKET_FOLDER) / f"thumbnail/{ASSEMBLY_ID}/cat_0.jpg").unlink()

    call_command("orphans")
    output, before = capsys.readouterr().out, objects_in_bucket()
    call_command("orphans", "--remove")

    assert "no record: resized/gone/cat.mp4" in output
    assert "not CatTube's, left alone: notes.txt" in output
    assert f"object is missing: thumbnail/{ASSEMBLY_ID}/cat_0.jpg of video {ready_video.pk}" in output
    assert "1 objects without a record" in output
    assert orphan in before
    lost = {f"thumbnail/{ASSEMBLY_ID}/cat_0.jpg"}
    assert set(objects_in_bucket()) == ({*objects} - lost) | {at_work, foreign}


def test_command_removes_from_a_bucket_what_is_hidden_and_what_was_not_finished(
    ready_video: Video,
    settings: Settings,
    s3_server: S3Server,
    b2_bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.AWS_PRIVATE_BUCKET_NAME, settings.AWS_S3_ENDPOINT_URL = b2_bucket, s3_server.endpoint_url
    settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY = s3_server.key_id, s3_server.secret
    settings.AWS_S3_REGION_NAME = s3_server.region
    keys = list(Asset.objects.values_list("object_key", flat=True))
    for key in [*keys, "resized/gone/cat.mp4"]:
        s3_server.client.put_object(Bucket=b2_bucket, Key=key, Body=b"meow")
    s3_server.client.delete_object(Bucket=b2_bucket, Key="resized/gone/cat.mp4")
    s3_server.client.create_multipart_upload(Bucket=b2_bucket, Key="resized/gone/dog.mp4")
    in_three_days = datetime.now(UTC) + timedelta(days=3)
    monkeypatch.setattr("django.utils.timezone.now", lambda: in_three_days)

    call_command("orphans", "--remove")

    assert "Removed 2." in capsys.readouterr().out
    assert sorted(s3_server.versions(b2_bucket)) == sorted(keys)
    assert s3_server.unfinished(b2_bucket) == []


@pytest.mark.django_db
def test_age_at_which_uploads_at_work_would_be_lost_is_refused() -> None:
    with pytest.raises(CommandError, match="expected 1 hour or more"):
        call_command("orphans", "--remove", "--older-than=0")


@pytest.mark.django_db
def test_database_without_videos_does_not_empty_the_bucket(settings: Settings) -> None:
    orphan = put(settings, "resized/gone/cat.mp4")

    with pytest.raises(CommandError, match="would empty the bucket"):
        call_command("orphans", "--remove")

    assert orphan.exists()
