"""Likes: each person one, and their number is that of the people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cattube.community.flood import MOST
from cattube.community.likes import set_like
from cattube.community.models import Like
from cattube.videos.models import Video


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    return make_video(visibility="public", status="ready")


def test_person_likes_once_and_takes_it_back(as_bob: Client, as_alice: Client, video: Video) -> None:
    path = f"/api/videos/{video.pk}/like"

    answers = [
        as_bob.put(path),
        as_bob.put(path),
        as_alice.put(path),
        as_bob.delete(path),
        as_bob.delete(path),
    ]

    assert [answer.json()["likes"] for answer in answers] == [1, 1, 2, 1, 1]
    assert [
        (one["likes"], one["liked"])
        for one in (client.get(f"/api/videos/{video.pk}").json() for client in (as_alice, as_bob, Client()))
    ] == [(1, True), (1, False), (1, False)]


def test_person_likes_without_a_script(as_bob: Client, video: Video) -> None:
    page = as_bob.post(f"/videos/{video.pk}/like", {"liked": "1"}, follow=True).content.decode()
    back = as_bob.post(f"/videos/{video.pk}/like", {"liked": "0"}, follow=True).content.decode()

    assert "like, you like this" in page
    assert "you like this" not in back


def test_list_says_which_videos_the_viewer_likes(as_bob: Client, video: Video, make_video: MakeVideo) -> None:
    make_video(title="Other", visibility="public", status="ready")
    as_bob.put(f"/api/videos/{video.pk}/like")

    items = as_bob.get("/api/videos").json()["items"]

    assert {item["title"]: item["liked"] for item in items} == {"Cat on a roof": True, "Other": False}


def test_likes_of_an_account_go_with_it_w103(as_bob: Client, bob: User, video: Video) -> None:
    """W103"""
    as_bob.put(f"/api/videos/{video.pk}/like")

    bob.delete()

    video.refresh_from_db()
    assert video.likes == 0


@pytest.mark.parametrize("gone", ["video", "videos", "owner"])
def test_w120_video_goes_with_many_likes_as_with_one(video: Video, alice: User, gone: str) -> None:
    """W120"""

    def queries(likes: int) -> int:
        """Statements besides those that delete the likes, which databases take in portions."""
        owner = User.objects.create_user(f"owner of {likes}")
        liked = Video.objects.create(owner=owner, visibility="public", status="ready")
        people = [User.objects.create_user(f"person {number} of {likes}") for number in range(likes)]
        Like.objects.bulk_create(Like(video=liked, user=person) for person in people)
        ends = {
            "video": liked.delete,
            "videos": Video.objects.filter(pk=liked.pk).delete,
            "owner": owner.delete,
        }
        with CaptureQueriesContext(connection) as statements:
            ends[gone]()
        return len(statements)

    assert queries(likes=20) == queries(likes=1)


def test_w120_account_that_ends_leaves_every_number_right(
    as_bob: Client, as_alice: Client, bob: User, video: Video, make_video: MakeVideo
) -> None:
    """W120"""
    other, own = (make_video(visibility="public", status="ready", owner=one) for one in (video.owner, bob))
    for client, likes in ((as_bob, (video, other, own)), (as_alice, (own, other))):
        for liked in likes:
            client.put(f"/api/videos/{liked.pk}/like")

    User.objects.filter(pk=bob.pk).delete()

    assert dict(Video.objects.values_list("pk", "likes")) == {video.pk: 0, other.pk: 1}


def test_flood_of_likes_is_told_to_wait_and_others_are_not_w104(
    as_bob: Client, as_alice: Client, video: Video
) -> None:
    """W104"""
    path = f"/api/videos/{video.pk}/like"
    for _ in range(MOST["like"]):
        as_bob.put(path)

    refused = as_bob.delete(path)

    assert (refused.status_code, refused.json()["error"], refused["Retry-After"]) == (429, "TOO_FAST", "60")
    assert as_alice.put(path).json() == {"likes": 2}


def test_guest_is_asked_to_log_in(client: Client, video: Video) -> None:
    assert client.put(f"/api/videos/{video.pk}/like").status_code == 401
    assert "/login/" in client.post(f"/videos/{video.pk}/like").headers["Location"]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="it has one writer, and in memory no second one")
@pytest.mark.django_db(transaction=True)
def test_likes_at_one_moment_are_as_many_as_the_people_w103(video: Video) -> None:
    """W103"""
    people = [User.objects.create_user(f"person{number}") for number in range(25)]

    def like(number: int) -> None:
        try:
            set_like(video, people[number % 25], liked=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(like, range(50)))

    video.refresh_from_db()
    assert (video.likes, Like.objects.count()) == (25, 25)
