"""Chapters by the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from cattube.videos.models import Video

MINE = [{"start_seconds": 0, "title": "Roof"}, {"start_seconds": 2.5, "title": "Wall <b>"}]


def put_chapters(client: Client, video: Video, items: Any) -> Any:
    return client.put(f"/api/videos/{video.pk}/chapters", json.dumps({"items": items}), "application/json")


def test_own_chapters_come_before_those_of_the_description(
    as_alice: Client, client: Client, video: Video
) -> None:
    Video.objects.update(description="0:00 One\n0:10 Two\n0:20 Three")
    told = [chapter["title"] for chapter in client.get(f"/api/videos/{video.pk}").json()["chapters"]]

    answer = put_chapters(as_alice, video, MINE)
    own = client.get(f"/api/videos/{video.pk}/chapters").json()["items"]
    put_chapters(as_alice, video, [])

    assert told == ["One", "Two", "Three"]
    assert answer.json()["items"] == own == MINE
    assert len(client.get(f"/api/videos/{video.pk}/chapters").json()["items"]) == 3


@pytest.mark.parametrize(
    "items",
    [
        "x",
        [{"title": "No time"}],
        [{"start_seconds": "x", "title": "No time"}],
        [{"start_seconds": -1, "title": "Before"}],
        [{"start_seconds": float("nan"), "title": "Never"}],
        [{"start_seconds": 1e300, "title": "Late"}],
        [{"start_seconds": 0, "title": ""}],
        [{"start_seconds": 0, "title": "\0"}],
        [{"start_seconds": 0, "title": "\ud800"}],
        [{"start_seconds": 5, "title": "B"}, {"start_seconds": 1, "title": "A"}],
        [{"start_seconds": n, "title": "N"} for n in range(501)],
    ],
)
def test_chapters_that_are_none_are_refused_and_change_nothing_d89(
    as_alice: Client, client: Client, video: Video, items: Any
) -> None:
    """D89"""
    put_chapters(as_alice, video, MINE)

    answer = put_chapters(as_alice, video, items)

    assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_FIELDS")
    assert client.get(f"/api/videos/{video.pk}/chapters").json()["items"] == MINE
