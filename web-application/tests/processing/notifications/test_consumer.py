"""Notifications from a queue: applied once, in any order, one by one or many together."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable

import pytest
from conftest import MakeVideo
from django.db import OperationalError
from processing.notifications.consuming import Consuming, messages_of_their_ends, state_of
from pytest_django import DjangoAssertNumQueries, Settings
from queues.memory_queue import notification_message
from statuses import completed_status, executing_status, put_objects

from cattube.prepared_update import PreparedUpdate
from cattube.processing.models import BucketUpload
from cattube.processing.webhook import webhook_url
from cattube.queues.queue import PING, Message, QueueError, Received
from cattube.videos.models import Video


def test_notification_makes_its_video_ready(consuming: Consuming, alice_video: Video) -> None:
    consuming.take(notification_message(completed_status(alice_video)))

    assert state_of(alice_video) == ("ready", 100, 4)
    assert (len(consuming.queue.done), consuming.queue.dead_letters) == (1, [])


@pytest.mark.parametrize("take", [Consuming.take, Consuming.take_together])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_w89_doubled_messages_in_any_order_leave_the_same_record(
    consuming: Consuming, alice_video: Video, order: tuple[int, ...], take: Callable[..., None]
) -> None:
    statuses = [
        executing_status(alice_video),
        completed_status(alice_video),
        executing_status(alice_video, percent=70),
    ]
    put_objects(statuses[1])

    take(consuming, *(notification_message(statuses[number]) for number in (*order, *order)))

    assert state_of(alice_video) == ("ready", 100, 4)
    assert (len(consuming.queue.done), consuming.queue.dead_letters) == (6, [])


def test_f53_message_that_was_applied_and_not_acknowledged_changes_nothing_when_it_comes_again(
    consuming: Consuming, alice_video: Video
) -> None:
    message = notification_message(completed_status(alice_video))
    consuming.queue.send(message)
    real_acknowledge = consuming.queue.acknowledge
    consuming.queue.acknowledge = lost  # type: ignore[method-assign]
    with pytest.raises(QueueError):
        consuming.consumer.step()
    alice_video.refresh_from_db()
    first, assets = vars(alice_video).copy(), list(alice_video.assets.values())

    consuming.queue.acknowledge = real_acknowledge  # type: ignore[method-assign]
    consuming.take(message)

    alice_video.refresh_from_db()
    assert {**vars(alice_video), "_state": None} == {**first, "_state": None}
    assert list(alice_video.assets.values()) == assets
    assert consuming.queue.done == [message]


def lost(received: Received) -> None:
    raise QueueError("the connection was lost")


def test_f67_many_messages_that_have_come_are_applied_in_a_few_statements(
    consuming: Consuming, make_video: MakeVideo, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """F67: each in a transaction of its own, they come faster than they are applied."""
    videos = [make_video(status="processing") for _ in range(20)]

    with django_assert_max_num_queries(7):
        consuming.take_together(*messages_of_their_ends(videos))

    assert [state_of(video) for video in videos] == [("ready", 100, 4)] * 20
    assert (len(consuming.queue.done), consuming.queue.dead_letters) == (20, [])


def test_f69_messages_whose_records_cannot_be_saved_leave_none_of_them_half_saved(
    consuming: Consuming, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F69: the database goes between their files and their states, and comes back."""
    videos = [make_video(status="processing") for _ in range(3)]

    def lose_the_database(_update: object, _videos: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(PreparedUpdate, "write", lose_the_database)
        consuming.take_together(*messages_of_their_ends(videos))
    before = [state_of(video) for video in videos]
    consuming.go_on(1)

    assert before == [("processing", 0, 0)] * 3
    assert [state_of(video) for video in videos] == [("ready", 100, 4)] * 3
    assert (len(consuming.queue.done), consuming.queue.dead_letters) == (3, [])


def test_ping_of_the_doctor_is_dropped(consuming: Consuming) -> None:
    consuming.take(Message(b"", {PING: "doctor"}))

    assert (len(consuming.queue.done), consuming.queue.dead_letters) == (1, [])


def test_report_about_a_video_from_the_bucket_is_applied(
    consuming: Consuming, make_video: MakeVideo, settings: Settings
) -> None:
    video = make_video(status="processing")
    key = f"originals/{video.folder}/cat.mp4"
    BucketUpload.objects.create(
        video=video,
        attempt=1,
        object_key=key,
        upload_id="x",
        size_bytes=1,
        part_bytes=1,
        webhook="",
        completed_at=video.uploaded_at,
        announced_at=video.uploaded_at,
    )
    report = {"status": "failed", "inputObject": key, "error": "INVALID_INPUT_ERROR"}
    webhook = webhook_url("amqp:cats", video_id=video.pk, attempt=1)
    headers = {"content-type": "application/json", "notify-url": webhook}

    consuming.take(Message(json.dumps(report).encode(), headers))

    video.refresh_from_db()
    assert (video.status, consuming.queue.dead_letters) == ("failed", [])
    assert webhook.startswith("amqp:cats/")
