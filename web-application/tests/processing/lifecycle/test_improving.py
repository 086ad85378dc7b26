"""Ready before the end: a video is shown once one good rendition is stored, and gets better meanwhile."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from conftest import MakeVideo
from contract_files import golden
from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from statuses import (
    ASSEMBLY_ID,
    NOTIFICATION_URL,
    OTHER_ASSEMBLY_ID,
    completed_status,
    executing_status,
    failed_status,
    ladder_status,
    notification,
    objects_in_bucket,
    published_status,
    put_objects,
    status_of,
    stored,
)

from cattube.processing.lifecycle.refresh import poll
from cattube.processing.lifecycle.retry import NotRetryable, start_new_attempt
from cattube.processing.transloadit.status.assembly_status import Phase
from cattube.processing.transloadit.status.status_parser import parse_status
from cattube.videos.models import Asset, Video, Visibility


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(assembly_id=ASSEMBLY_ID, visibility=Visibility.PUBLIC)


@pytest.fixture
def improving(video: Video, engine_double: EngineDouble) -> Video:
    """alice's public video, which can be watched while its ladder is made."""
    return heard(video, engine_double, published_status(video))


def heard(video: Video, engine: EngineDouble, status: dict[str, Any]) -> Video:
    engine.knows(status)
    poll(video)
    video.refresh_from_db()
    return video


def rows(video: Video) -> list[dict[str, Any]]:
    return [dict(row) for row in (*Video.objects.filter(pk=video.pk).values(), *video.assets.values())]


def test_everybody_can_watch_as_soon_as_one_good_rendition_is_stored(
    as_bob: Client, improving: Video
) -> None:
    answer = as_bob.get(f"/api/videos/{improving.pk}").json()

    assert (answer["status"], answer["phase"], answer["progress"]) == ("ready", "improving", 100)
    assert (answer["seconds_left"], answer["queue_position"], answer["error"]) == (None, None, None)
    assert (answer["width"], answer["height"], answer["duration_seconds"]) == (1280, 720, 12.5)
    assert f"/watermarked/{ASSEMBLY_ID}/cat.mp4" in answer["transcoded"]
    assert f"/thumbnail/{ASSEMBLY_ID}/cat_0.jpg" in answer["thumbnail"]
    assert answer["assembly_id"] is None
    assert [item["id"] for item in as_bob.get("/api/videos").json()["items"]] == [improving.pk]
    assert "data-player" in as_bob.get(f"/videos/{improving.pk}").content.decode()


def test_what_is_stored_later_is_added_as_it_comes(
    as_alice: Client, improving: Video, engine_double: EngineDouble
) -> None:
    before = as_alice.get(f"/api/videos/{improving.pk}").json()["storyboard"]

    heard(improving, engine_double, published_status(improving, "storyboard"))

    assert before is None
    assert as_alice.get(f"/api/videos/{improving.pk}").json()["storyboard"]["tile_width"] == 160


def test_end_of_the_assembly_brings_the_stream_and_settles_the_video(
    as_alice: Client, client: Client, improving: Video
) -> None:
    client.post(NOTIFICATION_URL, notification(ladder_status(improving)))

    answer = as_alice.get(f"/api/videos/{improving.pk}").json()
    assert (answer["status"], answer["phase"]) == ("ready", None)
    assert f"/hls/{ASSEMBLY_ID}/playlist.m3u8?" in answer["hls"]
    roles = list(improving.assets.values_list("role", flat=True))
    assert sorted(roles) == sorted(
        ["original", "resized", "watermarked", "thumbnail", "storyboard", "1080p", "hls"]
    )


def partly_stored_stream(*names: str) -> dict[str, Any]:
    return {"hls": [stored("hls", name) for name in names]}


@pytest.mark.parametrize(
    "names",
    [("1080p.mp4",), ("1080p.mp4", "1080p.m3u8"), tuple(f"{n}.m4s" for n in range(300))],
    ids=["piece", "playlist-of-one-rendition", "pieces"],
)
def test_stream_that_is_stored_in_part_is_not_offered(
    as_alice: Client, improving: Video, engine_double: EngineDouble, names: tuple[str, ...]
) -> None:
    status = published_status(improving)
    status["results"] = {**partly_stored_stream(*names), **status["results"]}

    heard(improving, engine_double, status)
    while_made = as_alice.get(f"/api/videos/{improving.pk}").json()
    heard(improving, engine_double, {**failed_status(improving), "results": status["results"]})
    in_vain = as_alice.get(f"/api/videos/{improving.pk}").json()

    assert [(state["status"], state["hls"]) for state in (while_made, in_vain)] == [("ready", None)] * 2
    assert not Asset.objects.filter(role="hls").exists()


def test_failure_after_the_first_publication_is_logged_once_and_hides_nothing(
    as_bob: Client, improving: Video, engine_double: EngineDouble, caplog: pytest.LogCaptureFixture
) -> None:
    failed = failed_status(improving, "S3_STORE_FAILURE", results=published_status(improving)["results"])

    with caplog.at_level(logging.WARNING, logger="cattube"):
        heard(improving, engine_double, failed)
        for _ in range(2):
            as_bob.post(NOTIFICATION_URL, notification(failed))

    answer = as_bob.get(f"/api/videos/{improving.pk}").json()
    assert (answer["status"], answer["phase"], answer["error"]) == ("ready", None, None)
    assert answer["transcoded"]
    assert caplog.text.count("S3_STORE_FAILURE") == 1


def test_failure_that_comes_first_shows_what_is_stored(client: Client, video: Video) -> None:
    failed = failed_status(video, "S3_STORE_FAILURE", results=published_status(video)["results"])

    client.post(NOTIFICATION_URL, notification(failed))

    answer = client.get(f"/api/videos/{video.pk}").json()
    assert (answer["status"], answer["phase"], answer["error"]) == ("ready", None, None)
    assert video.assets.count() == 4


def test_assembly_that_the_engine_forgot_leaves_the_video_as_good_as_it_is(
    improving: Video, engine_double: EngineDouble
) -> None:
    engine_double.assemblies.clear()
    Video.objects.update(attempted_at=timezone.now() - timedelta(minutes=5))

    poll(Video.objects.get())

    assert (Video.objects.get().status, Video.objects.get().phase) == ("ready", "")


def test_odd_answer_does_not_part_a_video_from_its_assembly(
    improving: Video, engine_double: EngineDouble
) -> None:
    heard(improving, engine_double, status_of(improving, ok="ASSEMBLY_OF_TOMORROW"))

    assert (improving.status, improving.phase, improving.assembly_id) == ("ready", "improving", ASSEMBLY_ID)


def test_repeated_reports_change_nothing_w04(
    client: Client, improving: Video, engine_double: EngineDouble
) -> None:
    first = rows(improving)
    heard(improving, engine_double, published_status(improving))
    again = rows(improving)
    client.post(NOTIFICATION_URL, notification(ladder_status(improving)))
    end = rows(improving)
    answers = [
        client.post(NOTIFICATION_URL, notification(ladder_status(improving))).json() for _ in range(10)
    ]

    assert (first, end) == (again, rows(improving))
    assert {reply["outcome"] for reply in answers} == {"unchanged"}


def test_reports_in_any_order_end_the_same_w06(
    client: Client, video: Video, engine_double: EngineDouble
) -> None:
    client.post(NOTIFICATION_URL, notification(ladder_status(video)))
    end = rows(video)
    for late in (published_status(video), executing_status(video), published_status(video, "storyboard")):
        heard(video, engine_double, late)

    assert rows(video) == end


def test_late_report_takes_nothing_from_a_video_that_improves_w07(
    improving: Video, engine_double: EngineDouble
) -> None:
    before = rows(improving)

    heard(improving, engine_double, executing_status(improving, percent=99))

    assert rows(improving) == before


def test_second_assembly_of_a_video_that_improves_leaves_no_objects(client: Client, improving: Video) -> None:
    put_objects(published_status(improving))
    objects = objects_in_bucket()
    second = completed_status(improving, assembly_id=OTHER_ASSEMBLY_ID)
    put_objects(second)

    answer = client.post(NOTIFICATION_URL, notification(second)).json()

    assert answer["outcome"] == "unwanted"
    assert objects_in_bucket() == objects
    assert Video.objects.get().phase == "improving"


def test_pages_ask_less_often_about_what_can_be_watched(
    as_bob: Client, improving: Video, engine_double: EngineDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cattube.processing.lifecycle.refresh.SHORTEST_PAUSE", timedelta(0))
    monkeypatch.setattr("cattube.processing.lifecycle.refresh.IMPROVING_PAUSE", timedelta(hours=1))
    engine_double.asked.clear()

    for _ in range(5):
        as_bob.get(f"/api/videos/{improving.pk}")

    assert engine_double.asked == [f"GET {ASSEMBLY_ID}"]


def test_video_that_improves_is_not_uploaded_again(improving: Video) -> None:
    with pytest.raises(NotRetryable):
        start_new_attempt(improving.pk)


def test_engines_own_documents_make_a_video_ready_and_then_settled(
    make_video: MakeVideo, client: Client, engine_double: EngineDouble
) -> None:
    improving, completed = golden("statuses/improving.json"), golden("statuses/completed.json")
    published, whole = improving["improving"], completed["completed"]
    video = make_video(id="abcdefghijk", assembly_id=whole["assembly_id"])

    report = parse_status({**published, "growing_hls_url": f"http://localhost/{whole['assembly_id']}"})
    heard(video, engine_double, published)
    first = (video.status, video.phase, video.assets.count())
    heard(video, engine_double, whole)

    assert (report.phase, report.growing_hls_url) == (Phase.IMPROVING, "")
    assert {step.lstrip(":") for step in report.stored_steps} == set(Asset.Role.values)
    assert first == ("ready", "improving", 4)
    assert (video.status, video.phase, video.assets.count()) == ("ready", "", len(Asset.Role.values))
