"""What is known of attempts that were given up, and of tags, has an end (D53)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from cattube.processing.expiry import ABANDONMENT_LIFETIME, clear_expired
from cattube.processing.models import Abandonment, BucketUpload
from cattube.videos.models import Tag, Video

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - ABANDONMENT_LIFETIME - timedelta(hours=1)


def abandoned(video_id: str, **fields: Any) -> Abandonment:
    return Abandonment.objects.create(video_id=video_id, attempt=1, **{"abandoned_at": LONG_AGO, **fields})


@pytest.mark.parametrize(
    ("fields", "stays"),
    [
        pytest.param({"settled_at": LONG_AGO}, False, id="settled"),
        pytest.param({"settled_at": timezone.now(), "abandoned_at": timezone.now()}, True, id="lately"),
        pytest.param({"assembly_id": "f" * 32}, False, id="engine that is gone"),
        pytest.param({"object_keys": ["watermarked/x/cat.mp4"]}, True, id="objects that are still there"),
    ],
)
def test_d53_abandoned_attempt_is_forgotten_when_nothing_can_come_of_it(
    fields: dict[str, Any], stays: bool
) -> None:
    abandoned("video-id", **fields)

    clear_expired()

    assert Abandonment.objects.exists() == stays


def test_d53_uploads_of_attempts_long_given_up_are_forgotten(make_video: MakeVideo) -> None:
    video = make_video(attempt=2)
    for attempt in (1, 2):
        BucketUpload.objects.create(
            video=video, attempt=attempt, object_key=f"k{attempt}", size_bytes=1, part_bytes=1
        )
        Abandonment.objects.create(
            video_id=video.pk, attempt=attempt, abandoned_at=LONG_AGO, settled_at=LONG_AGO
        )

    clear_expired()

    assert [upload.attempt for upload in BucketUpload.objects.all()] == [2]


def test_d53_tags_that_no_video_has_any_more_are_deleted(alice_video: Video) -> None:
    for number in range(3):
        alice_video.set_tags([f"only-{number}", "cat"])

    call_command("reconcile")

    assert {tag.name for tag in Tag.objects.all()} == {"only-2", "cat"}
    assert alice_video.tag_list == ["cat", "only-2"]


def test_app_that_cannot_clear_away_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr("cattube.processing.expiry.delete_unused_tags", fail)
    soon_expired = Session.objects.create(session_key="x", session_data="", expire_date=LONG_AGO)

    clear_expired()

    assert not Session.objects.filter(pk=soon_expired.pk).exists()
