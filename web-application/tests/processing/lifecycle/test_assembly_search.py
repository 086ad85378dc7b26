"""Assemblies that no message told of: hosted Transloadit sends none at the beginning, and others get lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from conftest import MakeVideo
from django.test import Client
from django.utils import timezone
from engine_double import EngineDouble
from statuses import (
    ASSEMBLY_ID,
    OTHER_ASSEMBLY_ID,
    completed_status,
    executing_status,
    published_status,
    uploading_status,
)

from cattube.processing.lifecycle.assembly_search import HOSTED_PAUSE, LATE_PAUSE, OWN_PAUSE
from cattube.processing.lifecycle.retry import start_new_attempt
from cattube.processing.models import BucketUpload
from cattube.processing.reconcile import poll_quiet_videos
from cattube.processing.transloadit.options import OPTIONS_LIFETIME
from cattube.videos.models import Video


@pytest.fixture
def unnamed(make_video: MakeVideo) -> Video:
    """A video whose file has been on its way for a while, by a script that told nothing."""
    return make_video(attempted_at=timezone.now() - OWN_PAUSE)


def seen(client: Client, video: Video) -> tuple[str, int, str | None]:
    """What the owner is answered about the video: its state, percent and Assembly."""
    answer = client.get(f"/api/videos/{video.pk}").json()
    return answer["status"], answer["progress"], answer["assembly_id"]


def pass_by(video: Video, pause: timedelta = OWN_PAUSE) -> None:
    """As if the last question about the video were so long ago."""
    Video.objects.filter(pk=video.pk).update(checked_at=timezone.now() - pause)


def test_t72_who_looks_sees_how_far_an_upload_is_that_nobody_told_of(
    as_alice: Client, unnamed: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(uploading_status(unnamed, received=30))

    assert seen(as_alice, unnamed) == ("uploading", 30, ASSEMBLY_ID)
    assert engine_double.searched is not None
    (params,) = engine_double.searched
    assert params["keywords"] == [unnamed.folder]


def test_t72_video_that_nobody_looks_at_is_ready_once_it_is_published(
    unnamed: Video, engine_double: EngineDouble
) -> None:
    engine_double.knows(published_status(unnamed))

    poll_quiet_videos(timezone.now())

    unnamed.refresh_from_db()
    assert (unnamed.status, unnamed.assembly_id) == ("ready", ASSEMBLY_ID)


def test_t72_one_list_serves_many_uploads(make_video: MakeVideo, engine_double: EngineDouble) -> None:
    attempted_at = timezone.now() - OWN_PAUSE
    videos = [make_video(attempted_at=attempted_at) for _ in range(3)]
    for number, video in enumerate(videos):
        engine_double.knows(executing_status(video, assembly_id=f"{number:032x}"))

    poll_quiet_videos(timezone.now())

    assert engine_double.searched is not None
    assert len(engine_double.searched) == 1
    assert {Video.objects.get(pk=video.pk).status for video in videos} == {"processing"}


@pytest.mark.parametrize(
    ("age", "pause", "is_due"),
    [
        pytest.param(timedelta(0), None, False, id="announced just now"),
        pytest.param(OWN_PAUSE, None, True, id="never searched for"),
        pytest.param(timedelta(minutes=5), OWN_PAUSE / 2, False, id="searched for just now"),
        pytest.param(timedelta(minutes=5), OWN_PAUSE, True, id="options still good"),
        pytest.param(OPTIONS_LIFETIME * 2, LATE_PAUSE / 2, False, id="options void"),
        pytest.param(OPTIONS_LIFETIME * 2, LATE_PAUSE, True, id="options void, long not searched for"),
    ],
)
def test_t72_announcement_that_was_never_used_costs_little(
    make_video: MakeVideo, engine_double: EngineDouble, age: timedelta, pause: timedelta | None, is_due: bool
) -> None:
    now = timezone.now()
    make_video(attempted_at=now - age, checked_at=None if pause is None else now - pause)

    searched = [poll_quiet_videos(now), poll_quiet_videos(now)]

    assert searched == [int(is_due), 0]


def test_w85_engine_that_tells_nothing_by_itself_is_searched_more_often(
    make_video: MakeVideo, engine_double: EngineDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    make_video(attempted_at=now - HOSTED_PAUSE)

    own = poll_quiet_videos(now)
    monkeypatch.setattr("cattube.processing.lifecycle.assembly_search.is_hosted", lambda address: True)
    hosted = poll_quiet_videos(now)

    assert (own, hosted) == (0, 1)


def test_w85_search_is_for_few_videos_and_for_few_assemblies_of_each(
    make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    now = timezone.now()
    for _ in range(12):
        make_video(attempted_at=now - OWN_PAUSE)

    searched = [poll_quiet_videos(now), poll_quiet_videos(now)]

    assert engine_double.searched is not None
    assert searched == [10, 2]
    assert [params["pagesize"] for params in engine_double.searched] == [30, 6]


def test_t72_many_pages_search_once(
    as_alice: Client, unnamed: Video, engine_double: EngineDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However long a busy machine takes for all of them, it counts as one moment.
    monkeypatch.setattr("cattube.processing.lifecycle.assembly_search.OWN_PAUSE", timedelta(minutes=20))
    Video.objects.filter(pk=unnamed.pk).update(attempted_at=timezone.now() - timedelta(minutes=30))

    for _ in range(3):
        as_alice.get(f"/api/videos/{unnamed.pk}")

    assert engine_double.searched is not None
    assert len(engine_double.searched) == 1


def test_t72_file_that_goes_straight_to_the_bucket_is_not_searched_for(
    as_alice: Client, unnamed: Video, engine_double: EngineDouble
) -> None:
    BucketUpload.objects.create(
        video=unnamed, attempt=1, object_key="o/f/cat.mp4", upload_id="u", size_bytes=9, part_bytes=9
    )

    seen(as_alice, unnamed)
    poll_quiet_videos(timezone.now())

    assert engine_double.searched == []


@pytest.mark.parametrize("broken", ["down", "without a list"])
def test_t72_engine_that_gives_no_list_leaves_the_rest_as_it_is(
    as_alice: Client, make_video: MakeVideo, unnamed: Video, engine_double: EngineDouble, broken: str
) -> None:
    """A key may lack the right to list; on hosted Transloadit that is `assemblies:read`."""
    known = make_video(assembly_id=OTHER_ASSEMBLY_ID)
    engine_double.knows(executing_status(known, assembly_id=OTHER_ASSEMBLY_ID))
    engine_double.searched = None
    if broken == "down":
        poll_quiet_videos(timezone.now())
        engine_double.http_status, engine_double.body = 500, b"{}"

    assert seen(as_alice, unnamed) == ("uploading", 0, None)
    poll_quiet_videos(timezone.now())
    known.refresh_from_db()
    assert known.status == "processing"


def test_t73_assembly_that_names_a_video_in_fields_of_its_own_is_not_taken(
    as_alice: Client, unnamed: Video, make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    other = make_video()
    engine_double.knows(completed_status(other, fields={"video": unnamed.pk, "attempt": 1}))

    assert seen(as_alice, unnamed) == ("uploading", 0, None)


def test_t73_params_that_the_site_cannot_have_made_are_not_taken(
    as_alice: Client, unnamed: Video, engine_double: EngineDouble
) -> None:
    """An engine may take Assemblies that nobody signed: they do not know the attempt's folder."""
    status: dict[str, Any] = executing_status(unnamed)
    engine_double.knows({**status, "params": status["params"].replace(unnamed.folder, "f" * 32)})

    assert seen(as_alice, unnamed) == ("uploading", 0, None)


def test_w85_others_fields_do_not_hide_an_assembly(
    as_alice: Client, unnamed: Video, make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    engine_double.knows(uploading_status(unnamed))
    for number in range(60):
        forged = {"video": unnamed.pk}
        engine_double.knows(executing_status(make_video(), assembly_id=f"{number:032x}", fields=forged))

    assert seen(as_alice, unnamed) == ("uploading", 50, ASSEMBLY_ID)


def test_t74_assembly_of_an_earlier_attempt_is_not_taken(
    as_alice: Client, unnamed: Video, engine_double: EngineDouble
) -> None:
    earlier = executing_status(unnamed)
    video = start_new_attempt(unnamed.pk)
    Video.objects.filter(pk=video.pk).update(attempted_at=timezone.now() - OWN_PAUSE)
    engine_double.knows(earlier)
    before = seen(as_alice, video)
    pass_by(video)
    engine_double.knows(uploading_status(video, assembly_id=OTHER_ASSEMBLY_ID))

    assert before == ("uploading", 0, None)
    assert seen(as_alice, video) == ("uploading", 50, OTHER_ASSEMBLY_ID)
