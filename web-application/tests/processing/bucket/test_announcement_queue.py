"""Videos in the bucket, announced by a queue: the site knows the Assembly before the engine has it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from conftest import MakeVideo
from django.utils import timezone
from engine_double import EngineDouble
from pytest_django import Settings
from queues.memory_queue import MemoryQueue

from cattube.processing.bucket import announcement_client
from cattube.processing.bucket.announcements import announce
from cattube.processing.bucket.queue_client import QueueClient
from cattube.processing.models import BucketUpload
from cattube.processing.reconcile import reconcile
from cattube.processing.transloadit.signature import verify
from cattube.processing.webhook import webhook_url
from cattube.queues.queue import QueueError

TOKEN = "shared token"


@pytest.fixture
def queue(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> MemoryQueue:
    """The queue of TRANSCODER_WEBHOOK, without a broker."""
    queue = MemoryQueue()
    settings.TRANSCODER_WEBHOOK, settings.VIDEOS_TOKEN = "amqp://broker/", TOKEN
    client = QueueClient(queue, token=TOKEN)
    monkeypatch.setattr(announcement_client, "_queue_client", lambda *_: client)
    return queue


@pytest.fixture
def upload(make_video: MakeVideo) -> BucketUpload:
    """An upload of which all bytes are in the bucket, long after it began."""
    now = timezone.now()
    video = make_video(status="processing", attempted_at=now - timedelta(hours=3))
    return BucketUpload.objects.create(
        video=video,
        attempt=1,
        object_key=f"originals/{video.folder}/cat.mp4",
        upload_id="x",
        size_bytes=1,
        part_bytes=1,
        webhook=webhook_url("amqp:cattube.notifications", video_id=video.pk, attempt=1),
        completed_at=now,
        due_at=now,
    )


def test_announcement_is_signed_and_has_the_id_under_which_the_site_asks(
    queue: MemoryQueue, upload: BucketUpload
) -> None:
    announce(upload)

    (message,) = queue.waiting
    verify(message.body.decode(), message.headers["signature"], secret=TOKEN)
    document = json.loads(message.body)
    upload.video.refresh_from_db()
    assert document == {
        "inputObject": upload.object_key,
        "webhook": upload.webhook,
        "outputFolder": upload.output_folder,
        "assemblyId": upload.video.assembly_id,
    }
    assert len(upload.video.assembly_id) == 32
    assert TOKEN not in str(message)


def test_f57_announcement_that_was_not_confirmed_is_repeated_word_by_word(
    queue: MemoryQueue, upload: BucketUpload, engine_double: EngineDouble
) -> None:
    """The broker may have it all the same: then the engine gets it twice."""
    announce(upload)
    first = queue.waiting.popleft()
    BucketUpload.objects.update(announced_at=None, due_at=timezone.now())
    queue.errors.append(QueueError("no confirmation came"))
    reconcile()
    assert not queue.waiting

    BucketUpload.objects.update(due_at=timezone.now())
    reconcile()

    assert list(queue.waiting) == [first]


def test_f58_video_whose_announcement_waits_in_the_queue_for_hours_is_not_given_up(
    queue: MemoryQueue, upload: BucketUpload, engine_double: EngineDouble
) -> None:
    announce(upload)
    reconcile()
    upload.video.refresh_from_db()
    assert upload.video.status == "processing"
    assert engine_double.asked != []

    upload.video.attempted_at = timezone.now() - timedelta(hours=25)
    upload.video.save(update_fields=["attempted_at"])
    upload.video.checked_at = None
    upload.video.save(update_fields=["checked_at"])
    reconcile()

    upload.video.refresh_from_db()
    assert upload.video.status == "failed"
