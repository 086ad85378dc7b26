"""Related videos: alike in tags, owner and title, and only what the viewer finds in lists."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import AnonymousUser, User
from pytest_django import DjangoAssertNumQueries

from cattube.videos.models import Video
from cattube.videos.related import related_to
from cattube.videos.video_reader import read_video


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    video = make_video(title="Cats on the harbour", visibility="public", status="ready")
    video.set_tags(["cats", "sea"])
    return video


def titles(video: Video, viewer: User | AnonymousUser) -> list[str]:
    read = read_video(video.pk)
    assert read is not None
    return [other.title for other in related_to(read, viewer)]


def test_what_is_most_alike_comes_first(video: Video, make_video: MakeVideo, bob: User) -> None:
    def make(title: str, *tags: str) -> None:
        make_video(title=title, owner=bob, visibility="public", status="ready").set_tags(list(tags))

    make("Both tags", "cats", "sea")
    make("Newest")
    make("One tag", "sea")
    make("The harbour at night")
    make_video(title="Same channel", visibility="public", status="ready")

    assert titles(video, AnonymousUser()) == [
        *("Both tags", "One tag", "Same channel", "The harbour at night", "Newest")
    ]


def test_related_are_only_videos_that_the_viewer_finds_in_lists_w108(
    video: Video, make_video: MakeVideo, alice: User
) -> None:
    """W108"""
    kinds: dict[str, dict[str, Any]] = {
        "Unlisted": {"visibility": "unlisted", "status": "ready"},
        "Private": {"visibility": "private", "status": "ready"},
        "Processing": {"visibility": "public", "status": "processing"},
        "Trashed": {"visibility": "public", "status": "ready", "trashed_at": video.uploaded_at},
    }
    for title, fields in kinds.items():
        make_video(title=title, **fields).set_tags(["cats", "sea"])

    assert titles(video, AnonymousUser()) == []
    assert titles(video, alice) == ["Private", "Unlisted"]


def test_related_cost_the_same_queries_in_any_library(
    video: Video, make_video: MakeVideo, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        make_video(title=f"Cat {number}", visibility="public", status="ready").set_tags(["cats", "sea"])

    with django_assert_max_num_queries(12):  # with three of `read_video`
        assert len(titles(video, AnonymousUser())) == 12
