"""A video's states as they come, by server-sent events."""

import json
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

import pytest
from conftest import MakeVideo
from django.db import OperationalError
from django.test import Client
from engine_double import EngineDouble
from statuses import (
    ASSEMBLY_ID,
    executing_status,
    ladder_status,
    published_status,
    uploading_status,
)

from cattube.errors import NotFound
from cattube.videos.models import Video, Visibility
from cattube.web.api.videos import events
from cattube.web.api.videos.events import Reading

Seen = dict[str, Any] | Exception


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("POLL_SECONDS", "UNWATCHABLE_POLL_SECONDS", "BEGINNING_POLL_SECONDS"):
        monkeypatch.setattr(events, name, 0)


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(assembly_id=ASSEMBLY_ID)


def address(video: Video) -> str:
    return f"/api/videos/{video.pk}/events"


def documents(chunks: Iterable[bytes | str]) -> list[dict[str, Any]]:
    texts = [chunk if isinstance(chunk, str) else chunk.decode() for chunk in chunks]
    lines = "".join(texts).splitlines()
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


def looking_at(*answers: Seen) -> Callable[[], Reading]:
    left = list(answers)

    def look() -> Reading:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Reading(answer)

    return look


def test_stream_tells_each_state_and_ends_with_the_last(
    as_alice: Client, video: Video, engine_double: EngineDouble
) -> None:
    response = as_alice.get(address(video))
    received = []
    chunks = iter(response)
    reports = (uploading_status, executing_status, published_status, ladder_status)
    for status in (report(video) for report in reports):
        engine_double.knows(status)
        Video.objects.filter(pk=video.pk).update(checked_at=None)
        chunk = next(text for text in chunks if text.startswith(b"data: "))
        received.append(json.loads(chunk.removeprefix(b"data: ")))

    assert [(event["status"], event["phase"]) for event in received] == [
        ("uploading", "uploading"),
        ("processing", "processing"),
        ("ready", "improving"),
        ("ready", None),
    ]
    assert [event["hls"] is not None for event in received] == [False, False, False, True]
    assert list(chunks) == []
    assert response["Content-Type"] == "text/event-stream"
    assert response["Cache-Control"] == "no-store"


def test_finished_video_is_told_once_on_every_connection_w22(as_alice: Client, ready_video: Video) -> None:
    streams = [documents(iter(as_alice.get(address(ready_video)))) for _ in range(2)]

    assert [[event["status"] for event in stream] for stream in streams] == [["ready"], ["ready"]]


def test_stream_says_what_the_api_says(as_alice: Client, ready_video: Video) -> None:
    (event,) = documents(iter(as_alice.get(address(ready_video))))

    assert event.keys() == as_alice.get(f"/api/videos/{ready_video.pk}").json().keys()


def test_strangers_get_no_stream_of_a_private_video(client: Client, as_bob: Client, video: Video) -> None:
    assert [viewer.get(address(video)).status_code for viewer in (client, as_bob)] == [404, 404]


def test_stream_ends_when_the_video_is_taken_away(
    as_bob: Client, video: Video, engine_double: EngineDouble
) -> None:
    Video.objects.filter(pk=video.pk).update(visibility=Visibility.UNLISTED)
    engine_double.knows(executing_status(video))
    chunks = iter(as_bob.get(address(video)))
    first = next(text for text in chunks if text.startswith(b"data: "))

    Video.objects.filter(pk=video.pk).update(visibility=Visibility.PRIVATE)

    assert json.loads(first.removeprefix(b"data: "))["status"] == "processing"
    assert documents(chunks) == []


def open_streams(client: Client, video: Video) -> list[Any]:
    """As many streams as the client gets, and the answer that it gets then."""
    answers: list[Any] = []
    while not answers or answers[-1].status_code == 200:
        answers.append(client.get(address(video)))
    return answers


def test_one_stream_more_than_places_is_told_to_poll(as_alice: Client, video: Video) -> None:
    """A stream that was never read gives its place back too."""
    before = events.places.free

    *streams, refused = open_streams(as_alice, video)
    taken = before - events.places.free
    for stream in streams:
        stream.close()

    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert refused.json()["error"] == "TOO_MANY_STREAMS"
    assert (taken, events.places.free) == (len(streams), before)


def test_w50_streams_of_one_person_leave_places_for_others(
    as_alice: Client, as_bob: Client, video: Video
) -> None:
    Video.objects.filter(pk=video.pk).update(visibility=Visibility.UNLISTED)
    *streams, _ = open_streams(as_alice, video)

    other = as_bob.get(address(video))
    for stream in (*streams, other):
        stream.close()

    assert other.status_code == 200


def test_w50_streams_of_strangers_leave_places_for_people(as_alice: Client, video: Video) -> None:
    """One address gets a quarter of the places, and all strangers half."""
    Video.objects.filter(pk=video.pk).update(visibility=Visibility.UNLISTED)
    before = events.places.free
    strangers = [open_streams(Client(REMOTE_ADDR=f"203.0.113.{number}"), video)[:-1] for number in range(5)]

    person = as_alice.get(address(video))
    for stream in (*chain(*strangers), person):
        stream.close()

    assert [len(streams) for streams in strangers] == [before // 4, before // 4, 0, 0, 0]
    assert person.status_code == 200


def test_busy_database_makes_a_stream_wait_not_break() -> None:
    answers: list[Seen] = [OperationalError("locked"), {"phase": None}]

    assert documents(events.events(looking_at(*answers))) == [{"phase": None}]


def test_unchanged_state_is_not_told_again() -> None:
    answers: list[Seen] = [
        {"phase": "processing"},
        {"phase": "processing"},
        {"phase": "processing"},
        NotFound(),
    ]

    assert documents(events.events(looking_at(*answers))) == [{"phase": "processing"}]


def test_w84_stream_looks_often_only_while_a_live_preview_may_come(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("POLL_SECONDS", "UNWATCHABLE_POLL_SECONDS", "BEGINNING_POLL_SECONDS")
    for number, name in enumerate(names):
        monkeypatch.setattr(events, name, number)
    pauses: list[float] = []
    monkeypatch.setattr(events.server_stops, "wait", pauses.append)
    young = {"phase": "processing", "progress": 0}
    readings = [
        Reading(young, may_get_live_preview=True),
        Reading(young),
        Reading({**young, "growing": {"url": "/live.m3u8"}}),
        Reading({"phase": None}),
    ]

    list(events.events(lambda: readings.pop(0)))

    assert pauses == [2, 1, 0]


def test_stream_ends_by_itself_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LONGEST_SECONDS", 0)

    assert documents(events.events(looking_at())) == []


def test_stream_ends_when_the_server_stops() -> None:
    texts = events.events(looking_at({"phase": "processing"}))
    begun = [next(texts), next(texts)]

    events.server_stops.set()
    try:
        rest = list(texts)
    finally:
        events.server_stops.clear()

    assert (len(begun), rest) == (2, [])
