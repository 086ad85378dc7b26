"""Quota: what the videos of one person may take up (D52)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from statuses import ASSEMBLY_ID, completed_status, stored

from cattube.accounts.models import StorageLimit
from cattube.accounts.quota.quota import quota_of
from cattube.processing.lifecycle.apply import apply_status
from cattube.processing.transloadit.status.status_parser import parse_status
from cattube.videos.models import Asset, Video

KB = 1000
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ten_kilobytes(settings: Settings) -> None:
    settings.MAX_BYTES_PER_USER = 10 * KB
    settings.MAX_UPLOAD_BYTES = 8 * KB


def announce(client: Client, size_bytes: int | None = None) -> Any:
    new = {"title": "Cat"} | ({} if size_bytes is None else {"size_bytes": size_bytes})
    return client.post("/api/uploads", new, content_type="application/json")


def retry(client: Client, video: Video, size_bytes: int | None = None) -> Any:
    query = "" if size_bytes is None else f"?size_bytes={size_bytes}"
    return client.post(f"/api/videos/{video.pk}/retry{query}")


def max_size(answer: Any) -> int:
    """Most bytes that the engine takes by these options."""
    assert answer.status_code == 201, answer.json()
    return int(json.loads(answer.json()["assembly"]["params"])["auth"]["max_size"])


def with_objects(make_video: MakeVideo, *sizes: int, **fields: Any) -> Video:
    video = make_video(**{"status": "ready", "size_bytes": 1, **fields})
    for number, size_bytes in enumerate(sizes):
        key = f"{video.pk}/{number}"
        Asset.objects.create(video=video, role=f"r{number}", object_key=key, size_bytes=size_bytes)
    return video


def test_d52_file_without_room_is_refused_in_words_with_both_numbers(
    as_alice: Client, make_video: MakeVideo
) -> None:
    with_objects(make_video, 5 * KB, 4 * KB)

    answer = announce(as_alice, 2 * KB)

    assert (answer.status_code, answer.json()["error"]) == (413, "QUOTA_EXCEEDED")
    assert answer.json()["message"].startswith("You use 9 of 10 kB; this file has 2 kB. Delete videos")
    assert Video.objects.count() == 1
    assert announce(as_alice, KB).status_code == 201


@pytest.mark.parametrize(
    ("sizes", "fields"),
    [
        pytest.param([6 * KB, 3 * KB], {}, id="original and renditions"),
        pytest.param([9 * KB], {"trashed_at": timezone.now()}, id="in the trash"),
        pytest.param([], {"status": "uploading", "size_bytes": 9 * KB}, id="on its way"),
        pytest.param([], {"status": "processing", "size_bytes": 9 * KB}, id="being processed"),
        pytest.param([9 * KB], {"status": "processing", "size_bytes": 9 * KB}, id="in the bucket already"),
        pytest.param([9 * KB], {"status": "failed"}, id="failed with objects"),
    ],
)
def test_d52_all_that_is_stored_or_on_its_way_counts_once(
    as_alice: Client, alice: User, make_video: MakeVideo, sizes: list[int], fields: dict[str, Any]
) -> None:
    with_objects(make_video, *sizes, **fields)

    assert quota_of(alice).used_bytes == 9 * KB
    assert announce(as_alice, KB + 1).status_code == 413
    assert announce(as_alice, KB).status_code == 201


def test_d52_what_never_came_and_what_others_have_does_not_count(
    as_alice: Client, bob: User, make_video: MakeVideo
) -> None:
    with_objects(make_video, status="failed", size_bytes=9 * KB)
    with_objects(make_video, 9 * KB, owner=bob)

    assert announce(as_alice, 8 * KB).status_code == 201


def test_d52_engine_takes_no_more_than_was_announced(as_alice: Client) -> None:
    assert max_size(announce(as_alice, 3 * KB)) == 3 * KB


def test_d52_files_of_unknown_size_share_what_is_left(as_alice: Client) -> None:
    """However many are asked for, together they stay within the limit."""
    first, second = announce(as_alice), announce(as_alice)

    assert (max_size(first), max_size(second)) == (8 * KB, 2 * KB)
    assert announce(as_alice).status_code == 413


def test_d52_retry_needs_room_too_and_counts_its_own_file_once(
    as_alice: Client, make_video: MakeVideo
) -> None:
    failed = make_video(status="failed", size_bytes=4 * KB)
    with_objects(make_video, 5 * KB)

    assert retry(as_alice, failed, 6 * KB).json()["error"] == "QUOTA_EXCEEDED"
    assert max_size(retry(as_alice, failed)) == 4 * KB
    assert max_size(retry(as_alice, failed)) == 4 * KB
    assert max_size(retry(as_alice, failed, 5 * KB)) == 5 * KB
    assert announce(as_alice, 1).status_code == 413


def test_retry_of_a_file_above_the_limit_for_files_is_refused(as_alice: Client, alice_video: Video) -> None:
    answer = retry(as_alice, alice_video, 8 * KB + 1)

    assert (answer.status_code, answer.json()["error"]) == (413, "MAX_SIZE_EXCEEDED")


def test_administrator_has_no_limit_unless_one_is_set(as_carol: Client, carol: User) -> None:
    assert max_size(announce(as_carol, 5 * KB)) == 8 * KB
    assert announce(as_carol, 8 * KB).status_code == 201

    StorageLimit.objects.create(user=carol, max_bytes=KB)

    assert announce(as_carol, 1).status_code == 413


def test_site_without_a_limit_has_none(as_alice: Client, settings: Settings) -> None:
    settings.MAX_BYTES_PER_USER = 0

    assert [max_size(announce(as_alice, 8 * KB)) for _ in range(3)] == [8 * KB] * 3


def test_limit_of_one_person_is_raised_in_the_administration(
    as_carol: Client, as_alice: Client, alice: User
) -> None:
    path = f"/admin/auth/user/{alice.pk}/change/"
    person = {
        "username": "alice",
        "date_joined_0": "2026-11-29",
        "date_joined_1": "12:00:00",
        "is_active": "on",
    }
    inline = {"storage_limit-TOTAL_FORMS": 1, "storage_limit-INITIAL_FORMS": 0}

    saved = as_carol.post(path, {**person, **inline, "storage_limit-0-max_bytes": 20 * KB})

    assert saved.status_code == 302
    assert [announce(as_alice, 8 * KB).status_code for _ in range(3)] == [201, 201, 413]
    assert "16 of 20 kB" in as_carol.get(path).content.decode()


def test_pages_say_what_is_used_before_a_file_is_chosen(
    as_alice: Client, as_carol: Client, make_video: MakeVideo
) -> None:
    with_objects(make_video, 9200)

    assert "You use 9 of 10 kB" in as_alice.get("/upload/").content.decode()
    assert "take up 9 of 10 kB" in as_alice.get("/settings/").content.decode()
    assert "You use" not in as_carol.get("/upload/").content.decode()
    assert "take up 0 B" in as_carol.get("/settings/").content.decode()


def test_stream_counts_with_all_its_pieces(alice: User, alice_video: Video) -> None:
    sizes = {"720p.ts": 40_000, "720p.m3u8": 300, "playlist.m3u8": 500}
    stream = [{**stored("hls", name, ASSEMBLY_ID), "size": size} for name, size in sizes.items()]

    apply_status(parse_status(completed_status(alice_video, results={"hls": stream})))

    assert quota_of(alice).used_bytes == 40_800


@pytest.mark.skipif(connection.vendor == "sqlite", reason="it has one writer, and in memory no second one")
@pytest.mark.django_db(transaction=True)
def test_d52_uploads_asked_for_at_the_same_moment_stay_within_the_limit(alice: User) -> None:
    def ask(client: Client) -> int:
        try:
            return int(announce(client, 4 * KB).status_code)
        finally:
            connection.close()

    clients = [Client() for _ in range(6)]
    for client in clients:
        client.force_login(alice)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, clients))

    assert sorted(answers) == [201, 201, 413, 413, 413, 413]
