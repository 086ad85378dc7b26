"""Prepared queries: what they give is what Django's own would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cattube.channels.channels import channel_of
from cattube.channels.models import Channel
from cattube.prepared_query import PreparedQuery
from cattube.videos import access
from cattube.videos.models import Asset, Tag, Video
from cattube.videos.video_reader import read_video


def columns_of(rows: Iterable[Model]) -> list[dict[str, Any]]:
    return [
        {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows
    ]


@pytest.fixture
def video(make_video: MakeVideo) -> Video:
    """A video with a value in every kind of column."""
    video = make_video(
        title="Кот на крыше",
        status="ready",
        duration_seconds=10.5,
        size_bytes=2**40,
        checked_at=timezone.now(),
    )
    video.set_tags(["grey cat", "roof"])
    for role in ("watermarked", "thumbnail", "hls"):
        Asset.objects.create(
            video=video, role=role, object_key=f"{role}/cat", content_type="video/mp4", width=640
        )
    return video


def test_prepared_query_reads_what_the_query_itself_reads(video: Video, as_alice: Client) -> None:
    examples = (
        (PreparedQuery(lambda: Video.objects.filter(pk="")), Video.objects.filter(pk=video.pk), video.pk),
        (
            PreparedQuery(lambda: User.objects.filter(pk=0)),
            User.objects.filter(pk=video.owner_id),
            video.owner_id,
        ),
        (PreparedQuery(lambda: Tag.objects.filter(videos="")), Tag.objects.filter(videos=video), video.pk),
        (
            PreparedQuery(lambda: Session.objects.filter(pk="")),
            Session.objects.all(),
            Session.objects.get().session_key,
        ),
    )
    for prepared, plain, value in examples:
        assert columns_of(prepared.read(value)) == columns_of(plain)
        assert plain.count() > 0


@pytest.mark.parametrize("has_channel", [True, False])
def test_prepared_query_reads_what_is_selected_beside_it(
    video: Video, has_channel: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    if not has_channel:
        Channel.objects.all().delete()
    prepared = PreparedQuery(lambda: Video.objects.select_related("owner__channel").filter(pk=""))

    (read,) = prepared.read(video.pk)

    with django_assert_num_queries(0):
        channel = channel_of(read.owner)
        assert columns_of([read, read.owner]) == columns_of([video, video.owner])
    assert (channel.name if channel else None) == ("alice" if has_channel else None)


def test_prepared_query_that_finds_nothing_gives_nothing(db: None) -> None:
    assert PreparedQuery(lambda: Video.objects.filter(pk="")).read("nothing") == []


def test_video_is_read_with_all_that_is_shown_of_it(
    video: Video, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plain = access.with_related().get(pk=video.pk)

    with django_assert_num_queries(3):
        read = read_video(video.pk)
    with django_assert_num_queries(0):
        assert read is not None
        assert columns_of([read, read.owner, *read.assets.all(), *read.tags.all()]) == columns_of(
            [plain, plain.owner, *plain.assets.all(), *plain.tags.all()]
        )
        assert [asset.url for asset in read.assets.all()] == [asset.url for asset in plain.assets.all()]


def test_relations_of_a_video_that_was_read_are_still_its_own(video: Video, make_video: MakeVideo) -> None:
    make_video().set_tags(["roof", "wall"])
    read = read_video(video.pk)
    assert read is not None

    assert read.tags.filter(name="wall").count() == 0
    assert read.assets.exclude(role="hls").count() == 2
    read.set_tags(["wall"])
    assert [tag.name for tag in read.tags.all()] == ["wall"]


def test_w76_session_is_over_when_its_time_is_or_another_process_has_ended_it(
    as_alice: Client, alice: User, video: Video
) -> None:
    """W76"""
    address = f"/api/videos/{video.pk}"
    assert as_alice.get(address).json()["can_edit"]

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert as_alice.get(address).status_code == 404

    as_alice.force_login(alice)
    assert as_alice.get(address).json()["can_edit"]
    Session.objects.all().delete()
    assert as_alice.get(address).status_code == 404
