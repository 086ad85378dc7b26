"""Views are counted honestly: a viewer once in a while, no programs, not the owner."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import Mock, patch

import pytest
from conftest import MakeVideo
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from cattube.videos.models import Video
from cattube.viewing.models import CountedView
from cattube.viewing.viewers import MOST_GUESTS_OF_ADDRESS
from cattube.viewing.views import COUNTS_AGAIN_AFTER, count_view, is_program

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(visibility="public", status="ready")


def watch(client: Client, video: Video, *, user_agent: str = FIREFOX, seconds: float = 6) -> int:
    """Open the page, watch for so long, and how often the video is counted then."""
    now = float(int(time.time()))
    clock = Mock(time=Mock(return_value=now))
    with patch("django.core.signing.time", clock):
        client.get(f"/videos/{video.pk}")
        clock.time.return_value = now + seconds
        answer = client.post(f"/api/videos/{video.pk}/views", headers={"User-Agent": user_agent})
    assert answer.status_code == 204
    video.refresh_from_db()
    return video.views


def test_viewer_counts_once_in_half_an_hour(as_bob: Client, video: Video) -> None:
    views = [watch(as_bob, video), watch(as_bob, video)]
    CountedView.objects.update(counted_at=timezone.now() - COUNTS_AGAIN_AFTER)
    views.append(watch(as_bob, video))

    assert views == [1, 1, 2]
    assert as_bob.get(f"/api/videos/{video.pk}").json()["views"] == 2
    assert "2 views" in as_bob.get("/").content.decode()


def test_each_browser_of_a_guest_counts_and_none_leaves_its_address_w100(video: Video) -> None:
    """W100"""
    first, second = Client(REMOTE_ADDR="203.0.113.7"), Client(REMOTE_ADDR="203.0.113.7")

    views = [watch(first, video), watch(first, video), watch(second, video)]

    assert views == [1, 1, 2]
    assert "203.0.113" not in str(list(CountedView.objects.values()))
    assert (first.cookies["viewer"]["httponly"], first.cookies["viewer"]["samesite"]) == (True, "Lax")


def test_owner_of_a_video_does_not_count(as_alice: Client, video: Video) -> None:
    assert watch(as_alice, video) == 0


@pytest.mark.parametrize("cookie", ["", "x", "WzEsICJ4Il0:1tabc:def"])
def test_browser_without_a_cookie_of_ours_does_not_count_w100(video: Video, cookie: str) -> None:
    """W100"""
    client = Client()
    client.cookies["viewer"] = cookie

    client.post(f"/api/videos/{video.pk}/views", headers={"User-Agent": FIREFOX})

    video.refresh_from_db()
    assert video.views == 0


@pytest.mark.parametrize(
    ("duration", "seconds", "views"), [(60, 2.9, 0), (60, 3.1, 1), (None, 2.9, 0), (6, 1.9, 0), (6, 2.1, 1)]
)
def test_w124_browser_counts_no_sooner_than_it_can_have_watched(
    make_video: MakeVideo, duration: float | None, seconds: float, views: int
) -> None:
    """W124"""
    video = make_video(visibility="public", status="ready", duration_seconds=duration)

    assert watch(Client(), video, seconds=seconds) == views


def test_w124_limits_outlast_the_keys_of_a_crowd() -> None:
    """W124"""
    cache.set("limited", 1)
    for number in range(2000):
        cache.set(f"other-{number}", 1)

    assert cache.get("limited") == 1
    assert all(cache.get(f"other-{number}") for number in range(2000))


def test_address_that_brings_ever_new_browsers_ends_counting_for_a_video_w100(
    video: Video, make_video: MakeVideo
) -> None:
    """W100"""
    other = make_video(visibility="public", status="ready")
    for _ in range(MOST_GUESTS_OF_ADDRESS + 3):
        watch(Client(), video)

    assert video.views == MOST_GUESTS_OF_ADDRESS
    assert watch(Client(), other) == 1


PROGRAMS = [
    "",
    "Googlebot/2.1 (+http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0)",
    "curl/8.5.0",
    "python-requests/2.32",
    "Mozilla/5.0 (X11) HeadlessChrome/130.0",
    "facebookexternalhit/1.1",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
]
BROWSERS = [
    FIREFOX,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; CUBOT P80) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
]


@pytest.mark.parametrize("user_agent", PROGRAMS)
def test_program_does_not_count(as_bob: Client, video: Video, user_agent: str) -> None:
    assert watch(as_bob, video, user_agent=user_agent) == 0


@pytest.mark.parametrize("user_agent", BROWSERS)
def test_browser_is_no_program(user_agent: str) -> None:
    assert not is_program(user_agent)


def test_video_that_is_not_ready_counts_nothing(as_bob: Client, video: Video) -> None:
    Video.objects.update(status="processing")

    assert watch(as_bob, video) == 0


def test_deleted_video_counts_nothing_and_breaks_nothing_w101(video: Video) -> None:
    """W101"""
    video_id = video.pk
    video.delete()

    assert not count_view(video_id, "user 1")
    assert not CountedView.objects.exists()


def test_who_watched_is_forgotten_when_it_decides_nothing_any_more(video: Video) -> None:
    count_view(video.pk, "browser old")
    CountedView.objects.update(counted_at=timezone.now() - COUNTS_AGAIN_AFTER - timedelta(seconds=1))
    count_view(video.pk, "browser new")

    call_command("reconcile")

    assert [view.viewer for view in CountedView.objects.all()] == ["browser new"]
    video.refresh_from_db()
    assert video.views == 2


@pytest.mark.skipif(connection.vendor == "sqlite", reason="it has one writer, and in memory no second one")
@pytest.mark.django_db(transaction=True)
def test_views_at_one_moment_are_counted_one_by_one_w101(video: Video) -> None:
    """W101"""

    def report(number: int) -> bool:
        try:
            return count_view(video.pk, f"browser {number % 25}")
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        counted = list(pool.map(report, range(100)))

    video.refresh_from_db()
    assert (video.views, counted.count(True)) == (25, 25)
