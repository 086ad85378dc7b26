"""What there is to see of a video that is not ready: a stream at the engine, for whoever may watch."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.test import Client
from engine_double import EngineDouble
from pytest_django import Settings
from statuses import (
    ASSEMBLY_ID,
    completed_status,
    executing_status,
    failed_status,
    published_status,
    uploading_status,
)

from cattube.processing.lifecycle.retry import start_new_attempt
from cattube.processing.models import BucketUpload
from cattube.videos.models import Video, Visibility

PATH = "/growing/ab12cd34/playlist.m3u8?a=b"
# An engine tells the host under which the uploader called it, and that may be any.
TOLD = f"http://evil.example{PATH}"


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(assembly_id=ASSEMBLY_ID, visibility=Visibility.UNLISTED)


def growing_for(client: Client, video: Video) -> Any:
    Video.objects.filter(pk=video.pk).update(checked_at=None)
    return client.get(f"/api/videos/{video.pk}").json()["growing"]


@pytest.mark.parametrize("report", [uploading_status, executing_status])
def test_everybody_who_may_watch_gets_the_growing_stream_from_the_engine_they_reach(
    as_alice: Client, as_bob: Client, client: Client, video: Video, engine_double: EngineDouble, report: Any
) -> None:
    engine_double.knows(report(video, growing_hls_url=TOLD))

    previews = [growing_for(viewer, video) for viewer in (as_alice, as_bob, client)]

    stream = {"url": engine_double.address + PATH, "type": "application/vnd.apple.mpegurl"}
    assert previews == [stream] * 3


def test_growing_stream_is_under_the_host_of_the_page_unless_set_otherwise(
    client: Client, video: Video, settings: Settings
) -> None:
    settings.TRANSLOADIT_SERVICE = ""
    settings.ALLOWED_HOSTS = ["192.168.1.7"]
    Video.objects.update(growing_hls_url=f"http://localhost:5678{PATH}", assembly_id="")

    answer = client.get(f"/api/videos/{video.pk}", headers={"Host": "192.168.1.7:8000"}).json()

    assert answer["growing"]["url"] == f"http://192.168.1.7:5678{PATH}"


def test_strangers_learn_no_assembly_from_it(
    client: Client, video: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(executing_status(video, growing_hls_url=f"http://x/{ASSEMBLY_ID}.m3u8"))

    assert growing_for(client, video) is None
    for path in (f"/api/videos/{video.pk}", f"/videos/{video.pk}", f"/embed/{video.pk}"):
        assert ASSEMBLY_ID not in client.get(path).content.decode()


def test_strangers_get_nothing_of_a_private_video(
    as_bob: Client, video: Video, engine_double: EngineDouble
) -> None:
    Video.objects.update(visibility=Visibility.PRIVATE)
    engine_double.knows(executing_status(video, growing_hls_url=TOLD))

    assert as_bob.get(f"/api/videos/{video.pk}").status_code == 404


@pytest.mark.parametrize("end", [published_status, completed_status, failed_status])
def test_finished_video_grows_no_more(
    as_alice: Client, video: Video, engine_double: EngineDouble, end: Any
) -> None:
    engine_double.knows(executing_status(video, growing_hls_url=TOLD))
    before = growing_for(as_alice, video)
    engine_double.knows(end(video, growing_hls_url=TOLD))

    assert before is not None
    assert growing_for(as_alice, video) is None
    assert Video.objects.get().growing_hls_url == ""


def test_new_attempt_begins_without_the_stream_of_the_one_before(
    as_alice: Client, video: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(uploading_status(video, growing_hls_url=TOLD))
    before = growing_for(as_alice, video)

    start_new_attempt(video.pk)

    assert before is not None
    assert growing_for(as_alice, video) is None


def test_stream_of_an_engine_that_pages_do_not_know_is_not_offered(
    as_alice: Client, video: Video, engine_double: EngineDouble, settings: Settings
) -> None:
    elsewhere = engine_double.address
    sizes = {"size_bytes": 4, "part_bytes": 4}
    BucketUpload.objects.create(video=video, attempt=1, object_key="a/b/c", service=elsewhere, **sizes)
    engine_double.knows(executing_status(video, growing_hls_url=TOLD))
    same = growing_for(as_alice, video)
    settings.TRANSLOADIT_SERVICE = "http://127.0.0.1:9"
    engine_double.knows(executing_status(video, percent=50, growing_hls_url=TOLD))

    assert same is not None
    assert growing_for(as_alice, video) is None


def sources(client: Client, path: str, directive: str) -> list[str]:
    policy = client.get(path)["Content-Security-Policy"]
    return policy.partition(f"{directive} ")[2].partition(";")[0].split()


@pytest.mark.parametrize("page", ["videos", "embed"])
@pytest.mark.parametrize("directive", ["media-src", "connect-src"])
def test_page_reaches_the_engine_while_there_is_something_to_see_there(
    as_alice: Client, client: Client, video: Video, page: str, directive: str
) -> None:
    engine = "http://127.0.0.1:9"
    states = {
        ("uploading", "uploading"): True,
        ("processing", "storing"): True,
        ("ready", "improving"): False,
        ("ready", ""): False,
        ("failed", ""): False,
    }

    allowed = {}
    for status, phase in states:
        Video.objects.update(status=status, phase=phase)
        lists = [sources(viewer, f"/{page}/{video.pk}", directive) for viewer in (as_alice, client)]
        allowed[status, phase] = [engine in viewer for viewer in lists]

    assert allowed == {state: [expected] * 2 for state, expected in states.items()}
    # hls.js hands over what it has fetched as an object of the page.
    assert "blob:" in sources(client, f"/{page}/{video.pk}", "media-src")


def test_embed_page_of_an_unfinished_video_may_be_framed_as_ever(client: Client, video: Video) -> None:
    assert sources(client, f"/embed/{video.pk}", "frame-ancestors") == ["*"]
