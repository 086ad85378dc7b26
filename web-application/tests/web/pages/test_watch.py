"""What the watch page and the embed hold ready for their script, and whom they tell what."""

from __future__ import annotations

import pytest
from conftest import MakeVideo
from django.test import Client

from cattube.videos.models import Video, Visibility

IMPROVING = 'data-role="improving"'
AGAIN = "Choose its file again"


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(visibility=Visibility.UNLISTED)


def page_of(client: Client, video: Video, kind: str = "videos") -> str:
    return client.get(f"/{kind}/{video.pk}").content.decode()


def test_owner_alone_is_told_that_more_qualities_are_on_their_way(
    as_alice: Client, as_bob: Client, client: Client, video: Video
) -> None:
    Video.objects.update(status="ready", phase="improving")
    improving = [page_of(viewer, video) for viewer in (as_alice, as_bob, client)]
    Video.objects.update(phase="")
    complete = page_of(as_alice, video)

    assert [IMPROVING in page for page in improving] == [True, False, False]
    assert f"{IMPROVING}>" in improving[0]
    assert f"{IMPROVING} hidden>" in complete


@pytest.mark.parametrize("status", ["uploading", "processing"])
def test_everybody_has_a_place_for_what_grows_and_the_owner_one_for_the_original(
    as_alice: Client, client: Client, video: Video, status: str
) -> None:
    Video.objects.update(status=status)
    pages = [page_of(as_alice, video), page_of(client, video), page_of(as_alice, video, "embed")]

    assert ['id="live-preview-template"' in page for page in pages] == [True] * 3
    assert ['id="original-template"' in page for page in pages] == [True, False, False]
    # In place of the words, and beside each of what is watched instead.
    assert [page.count(AGAIN) for page in pages] == [3 if status == "uploading" else 0, 0, 0]


@pytest.mark.parametrize("kind", ["videos", "embed"])
@pytest.mark.parametrize("status", ["ready", "failed"])
def test_finished_video_has_no_place_for_anything_before_it(
    as_alice: Client, video: Video, kind: str, status: str
) -> None:
    Video.objects.update(status=status)

    assert "<template" not in page_of(as_alice, video, kind)
