"""One change to many videos by the API."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from engine_double import EngineDouble
from json_requests import post
from pytest_django import Settings

from cattube.accounts.models import ApiToken
from cattube.accounts.tokens.token_scopes import Scope
from cattube.videos.models import Video


def bulk(client: Client, videos: list[Any], **changes: Any) -> Any:
    ids = [video.pk if isinstance(video, Video) else video for video in videos]
    return post(client, "/api/bulk", {"videos": ids, **changes})


def outcomes(answer: Any) -> dict[str, str | None]:
    """Code of the error by id; None for what was changed."""
    assert answer.status_code == 200, answer.content
    return {item["id"]: item["error"] and item["error"]["code"] for item in answer.json()["items"]}


def test_details_of_many_videos_change_at_once(as_alice: Client, make_video: MakeVideo) -> None:
    videos = [make_video(title=f"Cat {number}") for number in range(3)]
    videos[0].set_tags(["cat", "zoo"])

    answer = bulk(as_alice, videos, visibility="unlisted", tags=["#Cat ", "night"])

    assert outcomes(answer) == {video.pk: None for video in videos}
    assert set(Video.objects.values_list("visibility", flat=True)) == {"unlisted"}
    assert [video.tag_list for video in Video.objects.order_by("title")] == [
        ["cat", "night", "zoo"],
        ["cat", "night"],
        ["cat", "night"],
    ]


def test_deleted_ones_are_in_the_trash(as_alice: Client, make_video: MakeVideo) -> None:
    kept, *gone = [make_video() for _ in range(3)]

    bulk(as_alice, gone, delete=True)

    assert list(Video.objects.filter(trashed_at=None)) == [kept]
    assert as_alice.post(f"/api/videos/{gone[0].pk}/restore").status_code == 200


def test_failed_ones_are_processed_again_and_the_others_are_named(
    as_alice: Client, make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    failed = [make_video(status="failed", assembly_id=letter * 32) for letter in "ab"]
    ready, lost = make_video(status="ready"), make_video(status="failed")

    answer = bulk(as_alice, [*failed, ready, lost], retry=True)

    assert outcomes(answer) == {
        **{video.pk: None for video in failed},
        ready.pk: "NOT_RETRYABLE",
        lost.pk: "NOT_RETRYABLE",
    }
    assert [assembly_id for assembly_id, _ in engine_double.replayed] == ["a" * 32, "b" * 32]
    assert list(Video.objects.filter(status="processing")) == failed[::-1]


def test_d101_silent_engine_is_asked_once_for_all(
    as_alice: Client, make_video: MakeVideo, engine_double: EngineDouble
) -> None:
    """D101"""
    failed = [make_video(status="failed", assembly_id=letter * 32) for letter in "abc"]
    engine_double.replay_answer = (503, {"error": "BUSY"})

    answer = bulk(as_alice, failed, retry=True)

    assert set(outcomes(answer).values()) == {"ENGINE_SILENT"}
    assert len(engine_double.replayed) == 1
    assert Video.objects.filter(status="failed").count() == 3


def test_d101_file_without_room_is_not_processed_again(
    as_alice: Client, make_video: MakeVideo, engine_double: EngineDouble, settings: Settings
) -> None:
    """D101"""
    settings.MAX_BYTES_PER_USER = 1000
    failed = make_video(status="failed", assembly_id="a" * 32, size_bytes=2000)

    answer = bulk(as_alice, [failed], retry=True)

    assert outcomes(answer) == {failed.pk: "QUOTA_EXCEEDED"}
    assert engine_double.replayed == []


def test_w160_what_cannot_be_changed_holds_up_no_other(
    as_bob: Client, bob: User, make_video: MakeVideo, alice_video: Video
) -> None:
    """W160"""
    mine = make_video(owner=bob)
    public = make_video(visibility="public", status="ready")

    answer = bulk(as_bob, [alice_video, public, "no such id", mine, mine], visibility="public")

    assert outcomes(answer) == {
        alice_video.pk: "NOT_FOUND",
        public.pk: "NOT_ALLOWED",
        "no such id": "NOT_FOUND",
        mine.pk: None,
    }
    alice_video.refresh_from_db()
    assert alice_video.visibility == "private"


def test_w160_too_many_tags_change_nothing_of_that_video(as_alice: Client, make_video: MakeVideo) -> None:
    """W160"""
    full, empty = make_video(), make_video()
    full.set_tags([f"tag {number}" for number in range(20)])

    answer = bulk(as_alice, [full, empty], tags=["one more"], visibility="public")

    assert outcomes(answer) == {full.pk: "INVALID_FIELDS", empty.pk: None}
    full.refresh_from_db()
    assert (full.visibility, len(full.tag_list)) == ("private", 20)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"videos": ["aaaaaaaaaaa"]}, id="nothing-to-do"),
        pytest.param({"videos": [], "delete": True}, id="no-videos"),
        pytest.param({"videos": ["aaaaaaaaaaa"] * 101, "delete": True}, id="too-many"),
        pytest.param({"videos": ["a\x00"], "delete": True}, id="nul"),
        pytest.param({"videos": ["aaaaaaaaaaa"], "visibility": "secret"}, id="unknown-visibility"),
        pytest.param({"videos": "aaaaaaaaaaa", "delete": True}, id="no-list"),
        pytest.param("[", id="no-json"),
    ],
)
def test_request_that_says_nothing_clear_is_refused(as_alice: Client, body: Any) -> None:
    answer = post(as_alice, "/api/bulk", body)

    assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_FIELDS")


@pytest.mark.parametrize(
    "other", [{"visibility": "public"}, {"tags": ["cat"]}, {"tags": []}, {"delete": True}]
)
def test_w144_videos_are_processed_again_without_another_change(
    as_alice: Client, make_video: MakeVideo, engine_double: EngineDouble, other: dict[str, Any]
) -> None:
    """W144"""
    failed = make_video(status="failed", assembly_id="a" * 32)

    answer = bulk(as_alice, [failed], retry=True, **other)

    assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_FIELDS")
    assert engine_double.replayed == []
    failed.refresh_from_db()
    assert (failed.visibility, failed.trashed_at, failed.tag_list) == ("private", None, [])


@pytest.mark.parametrize(
    ("scope", "changes", "status"),
    [
        ("edit", {"visibility": "public"}, 200),
        ("edit", {"delete": True}, 403),
        ("edit", {"delete": True, "visibility": "public"}, 403),
        ("delete", {"delete": True}, 200),
        ("delete", {"tags": ["cat"]}, 403),
        ("read", {"tags": ["cat"]}, 403),
        ("upload", {"retry": True}, 200),
        ("edit", {"retry": True}, 403),
    ],
)
def test_token_needs_the_scope_of_what_it_asks_for(
    client: Client, alice_video: Video, scope: str, changes: dict[str, Any], status: int
) -> None:
    _, token = ApiToken.objects.issue_with(alice_video.owner, scopes=[Scope(scope)])
    body = {"videos": [alice_video.pk], **changes}

    answer = post(client, "/api/bulk", body, headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == status


@pytest.mark.skipif(connection.vendor == "sqlite", reason="it has one writer, and in memory no second one")
@pytest.mark.django_db(transaction=True)
def test_w122_tags_that_are_added_at_one_moment_are_all_there(make_video: MakeVideo, alice: User) -> None:
    """W122"""
    video = make_video()

    def add(number: int) -> Any:
        client = Client()
        client.force_login(alice)
        try:
            return outcomes(bulk(client, [video], tags=[f"tag {number:02}"]))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(add, range(16)))

    assert answers == [{video.pk: None}] * 16
    assert video.tag_list == [f"tag {number:02}" for number in range(16)]


def test_a_hundred_videos_are_changed_at_once(as_alice: Client, make_video: MakeVideo) -> None:
    videos = [make_video() for _ in range(100)]

    assert set(outcomes(bulk(as_alice, videos, visibility="public")).values()) == {None}
