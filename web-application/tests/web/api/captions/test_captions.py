"""Captions as the API serves them."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.test import Client
from pytest_django import Settings
from web.api.captions.caption_requests import CLEAN, SUBRIP, get, put

from cattube.videos.models import Video


def test_captions_are_served_as_nothing_but_webvtt_d80(
    as_alice: Client, client: Client, video: Video
) -> None:
    """D80"""
    assert put(as_alice, video).status_code == 204
    answer = get(client, video)

    assert answer.content.decode() == CLEAN
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_subrip_is_served_as_webvtt(as_alice: Client, client: Client, video: Video) -> None:
    put(as_alice, video, "de", SUBRIP, content_type="application/x-subrip; charset=utf-8")

    assert get(client, video, "de").content == b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nKomm runter\n"


def test_unchanged_captions_are_not_sent_again(as_alice: Client, client: Client, video: Video) -> None:
    etag = put(as_alice, video)["ETag"]

    again = get(client, video, headers={"if-none-match": f'"x", {etag}'})
    put(as_alice, video)
    changed = get(client, video, headers={"if-none-match": etag})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert changed.status_code == 200


def test_captions_follow_the_video_out_of_sight_d85(as_alice: Client, client: Client, video: Video) -> None:
    """D85: what a viewer's browser keeps is asked about each time."""
    etag = put(as_alice, video)["ETag"]
    assert "no-cache" in get(client, video)["Cache-Control"]

    Video.objects.update(visibility="private")

    assert get(client, video, headers={"if-none-match": etag}).status_code == 404
    assert client.get(f"/api/videos/{video.pk}/transcript").status_code == 404


def test_language_that_is_not_there_is_not_found(as_alice: Client, client: Client, video: Video) -> None:
    for language in ("fr", "x_x_x", "%00"):
        assert get(client, video, language).status_code == 404
        assert as_alice.delete(f"/api/videos/{video.pk}/captions/{language}").status_code == 404


@pytest.mark.parametrize(("mode", "queries"), [("off", 9), ("manual", 10)])
def test_list_of_videos_costs_the_same_however_many_have_captions_d90(
    as_alice: Client,
    make_video: MakeVideo,
    django_assert_num_queries: Any,
    settings: Settings,
    mode: str,
    queries: int,
) -> None:
    """D90"""
    settings.CAPTIONS = mode
    for number in range(3):
        put(as_alice, make_video(title=f"Cat {number}"))
    as_alice.get("/api/videos")  # That she was here is noted now and then.

    with django_assert_num_queries(queries):
        items = as_alice.get("/api/videos").json()["items"]

    assert [len(item["captions"]) for item in items] == [1, 1, 1]
