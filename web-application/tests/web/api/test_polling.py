"""Pages that ask for a video again and again: what that costs, and that each answer is the newest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from engine_double import EngineDouble
from pytest_django import DjangoAssertNumQueries
from statuses import ASSEMBLY_ID, executing_status

from cattube.accounts.models import ApiToken
from cattube.videos.models import Tag, Video

# The video with its owner and channel, its assets, its tags, its captions and its chapters. Of a person also
# the session, or the token, and the account.
QUERIES_OF_A_STRANGER = 5
QUERIES_OF_A_PERSON = 7

Document = dict[str, Any]


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    video = make_video(visibility="unlisted", assembly_id=ASSEMBLY_ID)
    video.set_tags(["roof"])
    return video


def ask(client: Client, video: Video) -> Document:
    """The answer, without what changes by itself."""
    document: Document = client.get(f"/api/videos/{video.pk}").json()
    document.pop("links_last_seconds", None)
    return document


def test_w75_poll_costs_few_queries(
    client: Client, as_alice: Client, ready_video: Video, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """W75"""
    script = Client(headers={"authorization": f"Bearer {ApiToken.objects.issue(ready_video.owner)}"})
    Video.objects.filter(pk=ready_video.pk).update(visibility="public")
    for person in (as_alice, script):
        ask(person, ready_video)  # That she was here is noted now and then.

    with django_assert_num_queries(QUERIES_OF_A_STRANGER):
        assert ask(client, ready_video)["transcoded"]
    for person in (as_alice, script):
        with django_assert_num_queries(QUERIES_OF_A_PERSON):
            assert ask(person, ready_video)["can_edit"]


def test_w75_page_that_watches_a_video_at_work_writes_nothing_between_questions_to_the_engine(
    client: Client, video: Video, engine_double: EngineDouble
) -> None:
    """W75: on SQLite each write would hold up all others."""
    engine_double.knows(executing_status(video))
    ask(client, video)
    Video.objects.filter(pk=video.pk).update(checked_at=timezone.now())

    with CaptureQueriesContext(connection) as queries:
        assert ask(client, video)["status"] == "processing"

    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []


def store(video: Video) -> None:
    video.assets.create(role="watermarked", object_key="watermarked/cat.mp4", content_type="video/mp4")


def update(**values: object) -> Callable[[Video], object]:
    return lambda video: Video.objects.filter(pk=video.pk).update(**values)


CHANGES: dict[str, Callable[[Video], object]] = {
    "progress": update(progress=7),
    "phase": update(status="ready", phase="improving"),
    "stored": store,
    "settled": update(phase=""),
    "title": update(title="Dog"),
    "name of a tag": lambda _: Tag.objects.update(name="wall"),
    "tags": lambda video: video.tags.clear(),
    "captions": lambda video: video.caption_tracks.create(language="en", label="English"),
    "chapters": lambda video: video.chapters.create(start_seconds=0, title="Roof"),
    "name of the owner": lambda _: User.objects.update(username="alina"),
    "public": update(visibility="public"),
    "private": update(visibility="private"),
    "unlisted": update(visibility="unlisted"),
    "trash": update(trashed_at=timezone.now()),
}


def test_w75_each_change_by_whomever_is_in_the_next_answer(client: Client, video: Video) -> None:
    """W75"""
    update(checked_at=timezone.now() + timedelta(days=1))(video)
    last, unseen = ask(client, video), []

    for name, change in CHANGES.items():
        change(video)
        document = ask(client, video)
        if document == last:
            unseen.append(name)
        last = document

    assert unseen == []
