"""Messages that cannot be applied now: tried again, in growing pauses, and given up in the end."""

from __future__ import annotations

import itertools
import logging
from threading import Event

import pytest
from django.contrib.auth.models import User
from django.db import DataError, OperationalError
from processing.notifications.consuming import Clock, Consuming, state_of
from queues.memory_queue import notification_message
from statuses import completed_status

from cattube.processing.notifications.consumer import Consumer
from cattube.processing.notifications.messages import receive_message, receive_messages
from cattube.queues.queue import Message, QueueError
from cattube.videos.models import Video


def test_w06_notification_that_overtook_its_record_is_applied_once_that_is_there(
    consuming: Consuming, alice: User
) -> None:
    video = Video(owner=alice, title="Cat")
    consuming.take(notification_message(completed_status(video)))
    assert consuming.queue.done == []

    video.save()
    consuming.go_on(1)

    assert state_of(video)[0] == "ready"


def test_f55_database_that_is_away_for_hours_loses_no_message(alice_video: Video) -> None:
    is_away = True

    def apply(message: Message) -> None:
        if is_away:
            raise OperationalError("could not connect to server")
        receive_message(message)

    consuming = Consuming(apply=apply)
    consuming.take(notification_message(completed_status(alice_video)))
    consuming.go_on(5 * 3600, step_seconds=30)
    assert (consuming.queue.done, consuming.queue.dead_letters) == ([], [])

    is_away = False
    consuming.go_on(60)

    assert state_of(alice_video)[0] == "ready"
    assert len(consuming.queue.done) == 1


def test_pauses_before_another_try_grow(alice_video: Video) -> None:
    tried_at: list[float] = []
    clock = Clock()

    def fail(message: Message) -> None:
        tried_at.append(clock())
        raise OperationalError

    consuming = Consuming(clock=clock, apply=fail)
    consuming.take(Message(b""))
    consuming.go_on(400, step_seconds=0.25)

    pauses = [after - before for before, after in itertools.pairwise(tried_at)]
    assert pauses[:4] == [0.5, 1, 2, 4]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 60


def test_message_that_fails_by_a_mistake_of_ours_is_put_aside_after_some_minutes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(message: Message) -> None:
        raise ZeroDivisionError("a mistake")

    consuming = Consuming(apply=fail)
    consuming.take(Message(b"meow"))
    consuming.go_on(300)
    assert consuming.queue.dead_letters == []

    consuming.go_on(900)
    assert [reason for _, reason in consuming.queue.dead_letters] == ["ZeroDivisionError: a mistake"]
    assert "A notification could not be applied" in caplog.text


def test_w79_message_that_the_database_never_takes_is_put_aside_in_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(message: Message) -> None:
        raise DataError("integer out of range")

    consuming = Consuming(apply=fail)
    consuming.take(Message(b"meow"))
    consuming.go_on(1200)

    assert [reason for _, reason in consuming.queue.dead_letters] == ["DataError: integer out of range"]
    assert "A notification could not be applied" in caplog.text


def test_f54_broker_that_is_away_is_waited_for_with_one_line_of_the_log_each_time(
    consuming: Consuming,
    alice_video: Video,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cattube.processing.notifications.consumer.SHORTEST_PAUSE_SECONDS", 0.01)
    stop = Event()
    consuming.queue.send(notification_message(completed_status(alice_video)))
    consuming.queue.errors.extend([QueueError("the broker is away")] * 2)

    def applied_and_stop(message: Message) -> None:
        receive_message(message)
        stop.set()

    with caplog.at_level(logging.WARNING):
        Consumer(consuming.queue, applied_and_stop, receive_messages).run(stop)

    assert state_of(alice_video)[0] == "ready"
    assert caplog.text.count("the broker is away") == 2
    assert len(consuming.queue.done) == 1
