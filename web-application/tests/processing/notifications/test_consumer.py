"""Notifications from a queue: applied once, in any order; what is of no use is put aside with the reason."""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from urllib.parse import urlencode

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.db import DataError, OperationalError
from memory_queue import MemoryQueue, notification_message
from pytest_django import DjangoAssertNumQueries, Settings
from statuses import completed_status, executing_status, notification, put_objects

from cattube.prepared_update import PreparedUpdate
from cattube.processing.models import BucketUpload
from cattube.processing.notifications.consumer import Consumer
from cattube.processing.notifications.messages import receive_message, receive_messages
from cattube.processing.webhook import webhook_url
from cattube.queues.queue import PING, Message, QueueError, Received
from cattube.videos.models import Video

pytestmark = pytest.mark.django_db


@dataclass
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Consuming:
    """A consumer that a test drives by hand, with its queue and its clock."""

    queue: MemoryQueue = field(default_factory=MemoryQueue)
    clock: Clock = field(default_factory=Clock)
    apply: Callable[[Message], None] = receive_message
    apply_together: Callable[[Sequence[Message]], Sequence[bool]] = receive_messages

    def __post_init__(self) -> None:
        self.consumer = Consumer(self.queue, self.apply, self.apply_together, clock=self.clock)

    def take(self, *messages: Message) -> None:
        """Have all of them taken once."""
        for message in messages:
            self.queue.send(message)
            self.consumer.step()

    def take_together(self, *messages: Message) -> None:
        """Have all of them come before the first is taken."""
        for message in messages:
            self.queue.send(message)
        self.consumer.step()

    def go_on(self, seconds: float, *, step_seconds: float = 1.0) -> None:
        for _ in range(int(seconds / step_seconds)):
            self.clock.seconds += step_seconds
            self.consumer.step()


@pytest.fixture
def consuming() -> Consuming:
    return Consuming()


def state_of(video: Video) -> tuple[str, int, int]:
    video.refresh_from_db()
    return video.status, video.progress, video.assets.count()


def messages_of_their_ends(videos: Sequence[Video]) -> list[Message]:
    """A message for each of the videos that its Assembly is completed."""
    assemblies = (f"{number:032x}" for number in range(len(videos)))
    return [
        notification_message(completed_status(video, assembly_id=assembly))
        for video, assembly in zip(videos, assemblies, strict=True)
    ]


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


def forged(video: Video) -> Message:
    form = {**notification(completed_status(video)), "signature": "sha384:00"}
    return Message(urlencode(form).encode())


def no_json(video: Video) -> Message:
    return notification_message("{meow")


def too_large(video: Video) -> Message:
    return Message(b"transloadit=" + b"x" * 2_000_001)


def no_form(video: Video) -> Message:
    return Message(b"\xff\xfe\x00")


def many_fields(video: Video) -> Message:
    return Message("&".join(f"field{number}=1" for number in range(1000)).encode())


def report_to_nobody(video: Video) -> Message:
    return Message(b"{}", {"content-type": "application/json", "notify-url": "amqp:cats/forged"})


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        pytest.param(forged, "INVALID_SIGNATURE", id="forged"),
        pytest.param(no_json, "INVALID_FORM_DATA: The status is not JSON", id="no-json"),
        pytest.param(too_large, "INVALID_FORM_DATA: The notification is larger", id="too-large"),
        pytest.param(no_form, "INVALID_SIGNATURE", id="no-form"),
        pytest.param(many_fields, "TooManyFieldsSent", id="many-fields"),
        pytest.param(report_to_nobody, "NOT_ALLOWED", id="report-to-nobody"),
    ],
)
def test_w87_poison_is_put_aside_with_its_reason_and_the_next_message_is_applied(
    consuming: Consuming, alice_video: Video, poison: Callable[[Video], Message], reason: str
) -> None:
    message = poison(alice_video)

    consuming.take(message, notification_message(completed_status(alice_video)))

    ((letter, told),) = consuming.queue.dead_letters
    assert letter == message
    assert told.startswith(reason)
    assert state_of(alice_video)[0] == "ready"


def test_f67_many_messages_that_have_come_are_applied_in_a_few_statements(
    consuming: Consuming, make_video: MakeVideo, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """F67: each in a transaction of its own, they come faster than they are applied."""
    videos = [make_video(status="processing") for _ in range(20)]

    with django_assert_max_num_queries(7):
        consuming.take_together(*messages_of_their_ends(videos))

    assert [state_of(video) for video in videos] == [("ready", 100, 4)] * 20
    assert (len(consuming.queue.done), consuming.queue.dead_letters) == (20, [])


def test_f68_poison_among_other_messages_is_put_aside_alone(
    consuming: Consuming, alice_video: Video, make_video: MakeVideo
) -> None:
    """F68"""
    other, unknown = make_video(status="processing"), Video()
    messages = [
        Message(b"", {PING: "doctor"}),
        *(poison(alice_video) for poison in (forged, no_json, too_large, many_fields, report_to_nobody)),
        *(notification_message(completed_status(video)) for video in (alice_video, unknown, other)),
    ]

    consuming.take_together(*messages)

    assert [state_of(video)[0] for video in (alice_video, other)] == ["ready", "ready"]
    assert [letter for letter, _ in consuming.queue.dead_letters] == messages[1:6]
    assert len(consuming.queue.done) == 3

    unknown.owner, unknown.title = alice_video.owner, "Cat"
    unknown.save()
    consuming.go_on(1)
    assert state_of(unknown)[0] == "ready"


def test_f68_messages_that_cannot_be_applied_together_are_applied_one_by_one(alice_video: Video) -> None:
    """F68: by a mistake of ours, say, in a single one of them."""

    def fail(messages: Sequence[Message]) -> Sequence[bool]:
        raise ZeroDivisionError("a mistake")

    consuming = Consuming(apply_together=fail)
    consuming.take_together(notification_message(completed_status(alice_video)), Message(b"meow"))

    assert state_of(alice_video)[0] == "ready"
    assert [letter.body for letter, _ in consuming.queue.dead_letters] == [b"meow"]


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


def test_w06_notification_that_overtook_its_record_is_applied_once_that_is_there(
    consuming: Consuming, alice: User
) -> None:
    video = Video(owner=alice, title="Cat")
    consuming.take(notification_message(completed_status(video)))
    assert consuming.queue.done == []

    video.save()
    consuming.go_on(1)

    assert state_of(video)[0] == "ready"


def test_w90_unknown_video_holds_up_no_other_and_is_put_aside_in_the_end(
    consuming: Consuming, alice_video: Video
) -> None:
    unknown = notification_message(completed_status(Video()))

    consuming.take(unknown, notification_message(completed_status(alice_video)))
    assert state_of(alice_video)[0] == "ready"
    assert consuming.queue.dead_letters == []
    consuming.go_on(10)

    ((letter, reason),) = consuming.queue.dead_letters
    assert letter == unknown
    assert reason.startswith("NOT_FOUND: There is no video")


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
