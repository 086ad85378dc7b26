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


def test_f116_page_says_that_a_video_waits_until_the_site_can_process_it(
    as_alice: Client, video: Video
) -> None:
    """F116"""
    Video.objects.update(status="processing", phase="held")

    assert ">Waiting until the site can process it</h2>" in page_of(as_alice, video)


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


@pytest.mark.parametrize("kind", ["videos", "embed"])
def test_page_tells_the_shape_of_the_player_before_any_script(
    client: Client, video: Video, kind: str
) -> None:
    """Hazards W134 and W136."""
    Video.objects.update(status="ready", width=1080, height=1920)
    upright = page_of(client, video, kind)
    Video.objects.update(width=None, height=None)
    unknown = page_of(client, video, kind)

    assert 'data-shape="9:16"' in upright
    assert 'viewBox="0 0 1080 1920"' in upright
    assert 'data-shape=""' in unknown
    assert "player__shape" not in unknown


def test_theater_is_there_before_any_script(client: Client, video: Video) -> None:
    """Hazard W136."""
    Video.objects.update(status="ready")
    plain = page_of(client, video)
    client.cookies["theater"] = "1"
    wide = page_of(client, video)
    client.cookies["theater"] = '"><script>'
    odd = page_of(client, video)

    assert [" data-theater" in page for page in (plain, wide, odd)] == [False, True, False]


def test_time_in_a_description_is_a_link_without_a_script(client: Client, video: Video) -> None:
    Video.objects.update(status="ready", description="0:12 The <i>roof</i>", duration_seconds=30)

    assert '<a href="?t=12">0:12</a> The &lt;i&gt;roof&lt;/i&gt;' in page_of(client, video)


def test_embedded_player_has_neither_a_next_video_nor_a_mini_player(client: Client, video: Video) -> None:
    Video.objects.update(status="ready")
    pages = [page_of(client, video, kind) for kind in ("videos", "embed")]

    assert ['data-role="next"' in page for page in pages] == [True, False]
    assert ["player__mini" in page for page in pages] == [True, False]


def test_a_phone_is_offered_search_and_upload_once(as_alice: Client, video: Video) -> None:
    """Styles hide `header__wide` where the tab bar is."""
    header, below = page_of(as_alice, video).split('<nav class="tabbar"')
    tabbar, _ = below.split("</nav>", 1)

    assert (header.count('type="search"'), tabbar.count("Search")) == (1, 0)
    assert (
        header.count('href="/upload/"') == header.count('button--primary header__wide" href="/upload/"') == 1
    )
    assert tabbar.count('href="/upload/"') == 1


def test_a_guest_is_asked_to_log_in_once_by_a_phone(client: Client, video: Video) -> None:
    """Styles hide `header__wide` where the tab bar is."""
    header, tabbar = page_of(client, video).split('<nav class="tabbar"')
    way = f'href="/login/?next=/videos/{video.pk}"'

    assert header.count(f'button--primary header__wide" {way}') == tabbar.count(way) == 1
