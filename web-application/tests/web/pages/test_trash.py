"""Deleted videos can be taken back, and free their space when deleted for ever."""

from __future__ import annotations

from datetime import timedelta

from conftest import MakeVideo
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from statuses import objects_in_bucket

from cattube.processing.reconcile import reconcile
from cattube.videos.models import Video


def test_deleted_video_is_taken_back_by_undo(as_alice: Client, make_video: MakeVideo) -> None:
    video = make_video(title="Cats on the roof")

    page = as_alice.post(f"/videos/{video.pk}/delete", follow=True).content.decode()

    assert f'action="/videos/{video.pk}/restore"' in page
    assert as_alice.get(f"/videos/{video.pk}").status_code == 404
    as_alice.post(f"/videos/{video.pk}/restore")
    assert as_alice.get(f"/videos/{video.pk}").status_code == 200


def test_trash_shows_own_deleted_videos_only(as_alice: Client, as_bob: Client, make_video: MakeVideo) -> None:
    video = make_video(title="Cats on the roof")
    make_video(title="Still here")
    as_alice.post(f"/videos/{video.pk}/delete")
    as_alice.get("/")  # shows the message once

    mine, theirs = (client.get("/trash/").content.decode() for client in (as_alice, as_bob))

    assert "Cats on the roof" in mine
    assert "Still here" not in mine
    assert "Cats on the roof" not in theirs


def test_video_deleted_for_ever_is_gone(as_alice: Client, make_video: MakeVideo) -> None:
    video = make_video()
    as_alice.post(f"/videos/{video.pk}/delete")

    as_alice.post(f"/videos/{video.pk}/erase")

    assert not Video.objects.filter(pk=video.pk).exists()


def test_what_lay_in_the_trash_long_enough_is_deleted_by_itself(
    as_alice: Client, ready_video: Video, make_video: MakeVideo, settings: Settings
) -> None:
    settings.TRASH_LIFETIME = timedelta(days=30)
    fresh, forgotten = timezone.now() - timedelta(days=29), timezone.now() - timedelta(days=31)
    recent = make_video(trashed_at=fresh)
    Video.objects.filter(pk=ready_video.pk).update(trashed_at=forgotten)
    page = as_alice.get("/trash/").content.decode()

    reconcile()

    assert "by itself after 30 days" in page
    assert [video.pk for video in Video.objects.all()] == [recent.pk]
    assert objects_in_bucket() == []
