"""Views of the libraries that manage.py seed_library makes."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Sum

from cattube.videos.models import Video
from cattube.viewing.models import WatchedVideo

pytestmark = pytest.mark.django_db


def seed(**sizes: int) -> None:
    call_command("seed_library", **{"videos": 40, "people": 5, "cues": 0, "verbosity": 0, **sizes})


def test_views_of_a_seeded_library_are_in_counts_and_histories() -> None:
    seed(views=62)

    counts = Video.objects.annotate(lines=Count("watched_by")).values_list("views", "lines")
    assert all(views == lines for views, lines in counts)
    assert Video.objects.aggregate(Sum("views"))["views__sum"] == 62
    per_person = (
        WatchedVideo.objects.values("user").annotate(lines=Count("pk")).values_list("lines", flat=True)
    )
    assert sorted(per_person) == [12, 12, 12, 13, 13]
    assert not Video.objects.exclude(visibility="public", status="ready").exclude(views=0).exists()
    for line in WatchedVideo.objects.select_related("video"):
        assert line.watched_at >= line.video.uploaded_at
        assert line.seconds <= (line.video.duration_seconds or 0)


def test_each_person_sees_a_video_once_however_many_views_are_asked_for() -> None:
    seed(views=10_000)

    shown = Video.objects.filter(visibility="public", status="ready")
    assert set(shown.values_list("views", flat=True)) == {5}


def test_d102_views_of_videos_that_were_there_stay() -> None:
    """D102"""
    seed(views=40)
    before = dict(Video.objects.values_list("pk", "views"))

    seed(views=50, add=True)

    assert {pk: views for pk, views in Video.objects.values_list("pk", "views") if pk in before} == before
    assert Video.objects.aggregate(Sum("views"))["views__sum"] == 90


def test_views_are_a_whole_number() -> None:
    with pytest.raises(CommandError, match="whole numbers"):
        seed(views=-1)
