"""History: the last watched first, positions on every device, switched off and emptied by its owner."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from cattube.accounts.models import ApiToken
from cattube.playlists.models import Playlist
from cattube.playlists.playlists import add_video
from cattube.videos.models import Video
from cattube.viewing.history import record


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(title="Cats on the roof", visibility="public", status="ready")


def stop_at(client: Client, video: Video, seconds: Any) -> int:
    body = json.dumps({"seconds": seconds})
    return client.put(f"/api/videos/{video.pk}/position", body, "application/json").status_code


def titles(client: Client) -> list[str]:
    return [item["video"]["title"] for item in client.get("/api/history").json()["items"]]


def position_on_page(client: Client, video: Video) -> dict[str, Any]:
    viewing: dict[str, Any] = client.get(f"/videos/{video.pk}").context["viewing"]
    return viewing


def test_video_goes_on_where_the_person_stopped_on_another_device(
    as_bob: Client, bob: User, video: Video, client: Client
) -> None:
    stop_at(as_bob, video, 83)
    phone = Client()
    phone.force_login(bob)

    assert position_on_page(phone, video) == {"keeps_position": True, "position_seconds": 83}
    assert "stopped at 1:23" in phone.get("/history/").content.decode()
    assert position_on_page(client, video) == {"keeps_position": False, "position_seconds": 0}


def test_history_has_each_video_once_and_the_last_one_first(as_bob: Client, make_video: MakeVideo) -> None:
    one, two = (make_video(title=name, visibility="public", status="ready") for name in ("One", "Two"))
    for video in (one, two, one):
        stop_at(as_bob, video, 20)

    first = as_bob.get("/api/history?limit=1").json()
    second = as_bob.get("/api/history", {"limit": 1, "cursor": first["next"]}).json()

    assert [page["items"][0]["video"]["title"] for page in (first, second)] == ["One", "Two"]
    assert second["next"] is None


def test_history_shows_only_what_the_person_may_still_see_w102(as_bob: Client, video: Video) -> None:
    """W102"""
    stop_at(as_bob, video, 20)
    before = titles(as_bob)
    Video.objects.update(visibility="private")
    page = as_bob.get("/history/").content.decode()

    assert (before, titles(as_bob)) == (["Cats on the roof"], [])
    assert "Cats on the roof" not in page
    assert stop_at(as_bob, video, 30) == 404


def test_long_history_has_older_pages(as_bob: Client, make_video: MakeVideo) -> None:
    for number in range(25):
        stop_at(as_bob, make_video(title=f"Cat {number}.", visibility="public", status="ready"), 20)

    first = as_bob.get("/history/")
    second = as_bob.get("/history/", {"before": first.context["older"]}).content.decode()

    assert "Cat 24." in first.content.decode()
    assert "Cat 0." not in first.content.decode()
    assert "Cat 0." in second
    assert as_bob.get("/history/?before=forged").headers["Location"] == "/history/"


def test_history_that_is_off_keeps_nothing(as_bob: Client, video: Video) -> None:
    as_bob.post("/history/switch")
    stop_at(as_bob, video, 20)
    page = as_bob.get("/history/").content.decode()
    off = position_on_page(as_bob, video)
    as_bob.post("/history/switch", {"on": "1"})
    stop_at(as_bob, video, 30)

    assert "Your history is off" in page
    assert off["keeps_position"] is False
    assert titles(as_bob) == ["Cats on the roof"]


def test_history_is_emptied_and_single_videos_leave_it(
    as_bob: Client, as_alice: Client, video: Video, make_video: MakeVideo
) -> None:
    other = make_video(title="Other", visibility="public", status="ready")
    for client in (as_bob, as_alice):
        stop_at(client, video, 20)
    stop_at(as_bob, other, 20)

    as_bob.post(f"/history/{other.pk}/forget")
    after_one = titles(as_bob)
    as_bob.post("/history/empty")

    assert (after_one, titles(as_bob)) == (["Cats on the roof"], [])
    assert titles(as_alice) == ["Cats on the roof"]


def test_script_switches_off_and_empties_the_history(bob: User, video: Video, client: Client) -> None:
    token = ApiToken.objects.issue(bob)
    headers = {"Authorization": f"Bearer {token}"}
    body = json.dumps({"seconds": 20})
    client.put(f"/api/videos/{video.pk}/position", body, "application/json", headers=headers)
    switched = client.patch("/api/history", '{"is_on": false}', "application/json", headers=headers)
    emptied = client.delete("/api/history", headers=headers)

    assert (switched.status_code, emptied.status_code) == (204, 204)
    assert client.get("/api/history", headers=headers).json() == {"items": [], "next": None, "is_on": False}


@pytest.mark.parametrize("seconds", [-1, 10**9, "soon", None, 1.5])
def test_position_that_is_none_is_refused(as_bob: Client, video: Video, seconds: Any) -> None:
    assert stop_at(as_bob, video, seconds) == 400


@pytest.mark.parametrize("cursor", ["x", "W10=", "bnVsbA==", "WyIyMDI2LTAxLTAxIiwgMV0=", "[" * 1500, "é"])
def test_cursor_that_is_not_ours_is_a_400_d13(as_bob: Client, cursor: str) -> None:
    assert as_bob.get("/api/history", {"cursor": cursor}).status_code == 400


FORGED = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]


@pytest.mark.parametrize("moment", FORGED)
@pytest.mark.parametrize("path", ["/api/history", "/api/playlists", "/api/videos/{}/comments"])
def test_w121_cursor_beyond_the_calendar_is_a_400(
    as_bob: Client, video: Video, path: str, moment: str
) -> None:
    """W121"""
    cursor = base64.urlsafe_b64encode(json.dumps([moment, 1]).encode()).decode()

    assert as_bob.get(path.format(video.pk), {"cursor": cursor}).status_code == 400


@pytest.mark.parametrize("path", ["videos/{}", "history/{}", "playlists/later/videos/{}"])
@pytest.mark.parametrize("text", ["%00", "aaaaaaaaaa%00", "aaaaaaaaaaa%0A", "x" * 500])
def test_w126_text_that_is_no_id_reaches_no_database(as_bob: Client, path: str, text: str) -> None:
    """W126"""
    with CaptureQueriesContext(connection) as queries:
        answers = [
            getattr(as_bob, method)(f"/api/{path.format(text)}") for method in ("get", "put", "delete")
        ]

    assert all(answer.status_code in (204, 404, 405) for answer in answers)
    assert not [query for query in queries if "videos_video" in query["sql"] or "video_id" in query["sql"]]


def test_history_costs_the_same_queries_for_one_video_and_for_many(
    as_bob: Client, make_video: MakeVideo, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        video = make_video(title=f"Cat {number}", visibility="public", status="ready")
        video.set_tags(["a", "b"])
        stop_at(as_bob, video, 20)

    as_bob.get("/upload/")  # the first page in some minutes also records the visit
    with django_assert_max_num_queries(8):
        as_bob.get("/history/")
    with django_assert_max_num_queries(9):
        as_bob.get("/api/history")


def test_picture_shows_wherever_it_stands_how_much_was_watched_w113(
    as_bob: Client, bob: User, client: Client, make_video: MakeVideo
) -> None:
    """W113: on a channel, in a playlist and in the history, to the person alone."""
    video = make_video(visibility="public", status="ready", duration_seconds=200.0)
    playlist = Playlist.objects.create(owner=bob, title="Roofs", visibility="public")
    add_video(playlist, video)
    record(bob, video, 50)

    for address in ("/channels/alice", f"/playlists/{playlist.pk}", "/history/"):
        assert 'class="thumb__seen" value="25"' in as_bob.get(address).content.decode(), address
        assert "thumb__seen" not in client.get(address, follow=True).content.decode()


def test_line_of_a_video_that_is_not_ready_says_so(
    as_bob: Client, as_alice: Client, alice: User, make_video: MakeVideo
) -> None:
    playlist = Playlist.objects.create(owner=alice, title="Roofs", visibility="public")
    add_video(playlist, make_video(visibility="public", status="failed"))

    own, others = (one.get(f"/playlists/{playlist.pk}").content.decode() for one in (as_alice, as_bob))

    assert ("Could not be processed" in own, "Cat on a roof" in others) == (True, False)
