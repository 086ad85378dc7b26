from datetime import timedelta

import pytest
from conftest import MakeVideo
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from statuses import (
    ASSEMBLY_ID,
    completed_status,
    executing_status,
    notification,
    objects_in_bucket,
    put_objects,
    uploading_status,
)

from cattube.processing.lifecycle.refresh import LATEST_PREVIEW, may_get_live_preview, refresh
from cattube.videos.models import Video

LONG_AGO = timedelta(minutes=5)


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(assembly_id=ASSEMBLY_ID)


def asked_again(video: Video) -> Video:
    """As a second later."""
    Video.objects.filter(pk=video.pk).update(checked_at=None)
    video.refresh_from_db()
    refresh(video)
    video.refresh_from_db()
    return video


def test_page_that_asks_sees_upload_processing_and_end_without_a_notification(
    as_alice: Client, video: Video, engine_double: EngineDouble
) -> None:
    states = []
    for status in (uploading_status(video), executing_status(video), completed_status(video)):
        engine_double.knows(status)
        Video.objects.filter(pk=video.pk).update(checked_at=None)
        answer = as_alice.get(f"/api/videos/{video.pk}").json()
        states.append((answer["status"], answer["progress"], answer["transcoded"] is not None))

    assert states == [("uploading", 50, False), ("processing", 40, False), ("ready", 100, True)]


def test_page_learns_its_place_in_the_queue_and_what_is_done_after_it(
    as_alice: Client, video: Video, engine_double: EngineDouble
) -> None:
    states = []
    for more in (
        {"execution_phase": "queued", "queue_position": 2},
        {"execution_phase": "queued", "queue_position": 1},
        {"execution_phase": "held"},
        {"execution_phase": "processing"},
        {"execution_phase": "storing"},
        {"execution_phase": "an-idea-of-tomorrow", "queue_position": "first"},
    ):
        engine_double.knows(executing_status(video, percent=0, **more))
        answer = as_alice.get(f"/api/videos/{asked_again(video).pk}").json()
        states.append((answer["phase"], answer["queue_position"]))

    assert states == [
        ("queued", 2),
        ("queued", 1),
        ("held", None),
        ("processing", None),
        ("storing", None),
        ("processing", None),
    ]


def test_page_of_hosted_transloadit_says_what_is_known(
    as_alice: Client, video: Video, engine_double: EngineDouble
) -> None:
    status = executing_status(video)
    del status["progress_combined"]
    engine_double.knows(status)

    answer = as_alice.get(f"/api/videos/{video.pk}").json()

    assert (answer["status"], answer["phase"], answer["progress"]) == ("processing", "processing", 0)
    assert (answer["queue_position"], answer["seconds_left"]) == (None, None)


def test_time_left_is_told_once_there_is_a_pace_and_gone_at_the_end(
    as_alice: Client, video: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(executing_status(video, percent=10))
    fresh = as_alice.get(f"/api/videos/{video.pk}").json()
    Video.objects.filter(pk=video.pk).update(pace_since=timezone.now() - timedelta(hours=1))
    engine_double.knows(executing_status(video, percent=20))
    moving = as_alice.get(f"/api/videos/{asked_again(video).pk}").json()
    engine_double.knows(completed_status(video))
    ended = as_alice.get(f"/api/videos/{asked_again(video).pk}").json()

    assert fresh["seconds_left"] is None
    # Ten percent took an hour, so eighty take eight: as exact as the clock of a busy machine.
    assert 7 * 3600 < moving["seconds_left"] < 9 * 3600
    assert (ended["phase"], ended["queue_position"], ended["seconds_left"]) == (None, None, None)


def test_many_pages_ask_the_engine_once_a_second(
    as_alice: Client, video: Video, engine_double: EngineDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However long a busy machine takes for all of them, it counts as one second.
    monkeypatch.setattr("cattube.processing.lifecycle.refresh.SHORTEST_PAUSE", timedelta(hours=1))
    monkeypatch.setattr("cattube.processing.lifecycle.refresh.ARRIVING_PAUSE", timedelta(0))
    engine_double.knows(executing_status(video))
    as_alice.get(f"/api/videos/{video.pk}")
    engine_double.asked.clear()

    for _ in range(20):
        as_alice.get(f"/api/videos/{video.pk}")

    assert engine_double.asked == []


def test_page_asks_more_often_while_its_file_arrives_but_not_other_peoples_servers(
    as_alice: Client,
    video: Video,
    engine_double: EngineDouble,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cattube.processing.lifecycle.refresh.SHORTEST_PAUSE", timedelta(hours=1))
    monkeypatch.setattr("cattube.processing.lifecycle.refresh.ARRIVING_PAUSE", timedelta(0))
    engine_double.knows(uploading_status(video))

    for _ in range(3):
        as_alice.get(f"/api/videos/{video.pk}")
    monkeypatch.setattr("cattube.processing.lifecycle.refresh.is_hosted", lambda address: True)
    as_alice.get(f"/api/videos/{video.pk}")

    assert engine_double.asked == [f"GET {ASSEMBLY_ID}"] * 3


@pytest.mark.parametrize(
    ("percent", "growing", "times"),
    [
        (3, {}, 3),
        (3, {"growing_hls_url": f"http://localhost:5051/streams/{'a' * 32}/live.m3u8"}, 1),
        (40, {}, 1),
    ],
)
def test_w69_page_asks_often_until_the_encoder_has_something_to_show(
    as_alice: Client,
    video: Video,
    engine_double: EngineDouble,
    monkeypatch: pytest.MonkeyPatch,
    percent: int,
    growing: dict[str, str],
    times: int,
) -> None:
    """What has no live preview after a while will not have one."""
    monkeypatch.setattr("cattube.processing.lifecycle.refresh.SHORTEST_PAUSE", timedelta(hours=1))
    monkeypatch.setattr("cattube.processing.lifecycle.refresh.BEGINNING_PAUSE", timedelta(0))
    engine_double.knows(executing_status(video, percent=percent, **growing))

    for _ in range(3):
        as_alice.get(f"/api/videos/{video.pk}")

    assert engine_double.asked == [f"GET {ASSEMBLY_ID}"] * times


def test_w84_page_asks_often_for_some_seconds_and_other_peoples_servers_never(
    video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    video.status, video.phase, video.pace_since = "processing", "processing", now
    at_first = may_get_live_preview(video)
    video.pace_since = now - LATEST_PREVIEW
    later = may_get_live_preview(video)
    video.pace_since = timezone.now()
    monkeypatch.setattr("cattube.processing.lifecycle.refresh.is_hosted", lambda address: True)

    assert (at_first, later, may_get_live_preview(video)) == (True, False, False)


def test_finished_video_asks_nothing(
    as_alice: Client, ready_video: Video, engine_double: EngineDouble
) -> None:
    as_alice.get(f"/api/videos/{ready_video.pk}")

    assert engine_double.asked == []


@pytest.mark.parametrize(
    ("http_status", "body"),
    [
        pytest.param(500, b'{"error": "SERVER_500"}', id="error"),
        pytest.param(200, b"<html>", id="html"),
        pytest.param(200, b"[]", id="list"),
        pytest.param(404, b"{}", id="some-other-server"),
        pytest.param(200, b" " * 17_000_000 + b"{}", id="endless"),
    ],
)
def test_engine_that_answers_nonsense_leaves_the_last_known_state_w22(
    as_alice: Client, video: Video, engine_double: EngineDouble, http_status: int, body: bytes
) -> None:
    Video.objects.filter(pk=video.pk).update(
        status="processing", progress=7, attempted_at=timezone.now() - LONG_AGO
    )
    engine_double.http_status, engine_double.body = http_status, body

    response = as_alice.get(f"/api/videos/{video.pk}")

    assert response.status_code == 200
    assert (response.json()["status"], response.json()["progress"]) == ("processing", 7)
    assert response.json()["assembly_id"] == ASSEMBLY_ID
    assert len(engine_double.asked) == 1


def test_engine_that_is_down_leaves_the_last_known_state_w22(as_alice: Client, video: Video) -> None:
    response = as_alice.get(f"/api/videos/{video.pk}")

    assert response.status_code == 200
    assert response.json()["status"] == "uploading"


def test_database_that_is_locked_leaves_the_last_known_state_f13(
    as_alice: Client, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(video: Video) -> bool:
        raise OperationalError("database is locked")

    monkeypatch.setattr("cattube.processing.lifecycle.refresh._claim", locked)

    assert as_alice.get(f"/api/videos/{video.pk}").status_code == 200


def test_assembly_the_engine_just_restarted_without_is_waited_for(
    video: Video, engine_double: EngineDouble
) -> None:
    assert asked_again(video).status == "uploading"


def test_assembly_the_engine_does_not_know_any_more_has_failed(
    video: Video, engine_double: EngineDouble
) -> None:
    Video.objects.filter(pk=video.pk).update(attempted_at=timezone.now() - LONG_AGO)

    assert (asked_again(video).status, video.error_code) == ("failed", "ASSEMBLY_NOT_FOUND")


def test_assembly_of_another_video_is_not_taken(
    make_video: MakeVideo, video: Video, engine_double: EngineDouble
) -> None:
    other = make_video()
    engine_double.knows(completed_status(other))

    asked_again(video)

    assert (video.status, video.assembly_id) == ("uploading", "")
    assert not video.assets.exists()


def test_assembly_of_an_earlier_attempt_is_not_taken(video: Video, engine_double: EngineDouble) -> None:
    Video.objects.filter(pk=video.pk).update(attempt=2)
    engine_double.knows(completed_status(video, attempt=1))

    assert (asked_again(video).status, video.assembly_id) == ("uploading", "")


def test_answer_and_notification_together_count_once(
    client: Client, video: Video, engine_double: EngineDouble
) -> None:
    status = completed_status(video)
    put_objects(status)
    engine_double.knows(status)

    asked_again(video)
    client.post("/notifications/transloadit", notification(status))
    asked_again(video)

    assert video.assets.count() == len(objects_in_bucket()) == 4
