"""The file as it was sent, for its owner alone, while the video is processed."""

from typing import Any

import pytest
from conftest import MakeVideo
from django.test import Client
from engine_double import EngineDouble
from statuses import (
    ASSEMBLY_ID,
    completed_status,
    executing_status,
    failed_status,
    notification,
    uploading_status,
)

from cattube.videos.models import Asset, Video, Visibility

URL = "http://127.0.0.1:5678/results/cat.mov?expires=1&signature=ab"
MOV = {"ssl_url": URL, "url": URL, "mime": "video/quicktime"}


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(assembly_id=ASSEMBLY_ID, visibility=Visibility.PUBLIC)


def original_for(client: Client, video: Video) -> Any:
    Video.objects.filter(pk=video.pk).update(checked_at=None)
    return client.get(f"/api/videos/{video.pk}").json()["original"]


def test_owner_alone_gets_the_file_as_it_was_sent(
    as_alice: Client, as_bob: Client, client: Client, video: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(executing_status(video, uploads=[MOV]))

    assert original_for(as_alice, video) == {"url": URL, "type": "video/quicktime"}
    assert [original_for(viewer, video) for viewer in (as_bob, client)] == [None, None]


@pytest.mark.parametrize(
    "uploads",
    [
        pytest.param([], id="not-looked-at"),
        pytest.param([MOV, MOV], id="two-files"),
        pytest.param([{**MOV, "mime": "text/html"}], id="no-video"),
        pytest.param([{**MOV, "mime": "video/mp4; x=<script>"}], id="odd-type"),
        pytest.param([{**MOV, "ssl_url": "javascript:alert(1)"}], id="script"),
        pytest.param([{**MOV, "ssl_url": None}], id="no-address"),
        pytest.param([None], id="nothing"),
        pytest.param({"0": MOV}, id="no-list"),
    ],
)
def test_what_is_no_video_of_the_engine_is_not_offered(
    as_alice: Client, video: Video, engine_double: EngineDouble, uploads: Any
) -> None:
    engine_double.knows(executing_status(video, uploads=uploads))

    assert original_for(as_alice, video) is None


def test_file_that_is_still_arriving_is_not_offered(
    as_alice: Client, video: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(uploading_status(video, uploads=[MOV]))

    assert original_for(as_alice, video) is None


@pytest.mark.parametrize("end", [completed_status, failed_status])
def test_finished_video_has_no_original_to_wait_with(
    as_alice: Client, video: Video, engine_double: EngineDouble, end: Any
) -> None:
    engine_double.knows(executing_status(video, uploads=[MOV]))
    before = original_for(as_alice, video)
    as_alice.post("/notifications/transloadit", notification(end(video, uploads=[MOV])))

    assert before is not None
    assert original_for(as_alice, video) is None


def test_file_in_the_bucket_is_offered_from_there(as_alice: Client, as_bob: Client, video: Video) -> None:
    Video.objects.filter(pk=video.pk).update(status="processing", assembly_id="")
    key = "original/cat.mp4"
    Asset.objects.create(video=video, role="original", object_key=key, content_type="video/mp4")

    original = original_for(as_alice, video)

    assert original["type"] == "video/mp4"
    assert key in original["url"]
    assert original_for(as_bob, video) is None
