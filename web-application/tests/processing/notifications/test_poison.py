"""Messages of no use: put aside with the reason, and nothing else held up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import pytest
from conftest import MakeVideo
from processing.notifications.consuming import Consuming, state_of
from queues.memory_queue import notification_message
from statuses import completed_status, notification

from cattube.queues.queue import PING, Message
from cattube.videos.models import Video

pytestmark = pytest.mark.django_db


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
