"""Still of a video under an address that stays, when every link to it has ended."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from cattube.storage.links import seconds_left
from cattube.videos.models import Video


def test_w170_address_of_a_still_leads_to_a_link_that_is_good(client: Client, ready_video: Video) -> None:
    """W170"""
    Video.objects.update(visibility="public")

    answer = client.get(f"/videos/{ready_video.pk}/poster")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "public, max-age=300")
    picture = client.get(answer.headers["Location"])
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/jpeg")
    picture.close()


def test_cached_way_never_outlives_the_link_it_leads_to(
    client: Client, ready_video: Video, settings: Settings
) -> None:
    settings.LINK_LIFETIME = settings.LINK_LIFETIME.__class__(seconds=10)
    Video.objects.update(visibility="public")

    caching = client.get(f"/videos/{ready_video.pk}/poster").headers["Cache-Control"]

    assert int(caching.removeprefix("public, max-age=")) <= seconds_left()


@pytest.mark.parametrize("visibility", ["unlisted", "private"])
def test_d114_no_cache_keeps_a_still_that_not_all_may_find(
    as_alice: Client, client: Client, ready_video: Video, visibility: str
) -> None:
    """D114"""
    Video.objects.update(visibility=visibility)

    mine, guests = (one.get(f"/videos/{ready_video.pk}/poster") for one in (as_alice, client))

    assert (mine.status_code, mine.headers["Cache-Control"]) == (302, "no-store")
    assert guests.status_code == (404 if visibility == "private" else 302)
