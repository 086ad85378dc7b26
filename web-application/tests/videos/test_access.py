"""Rights of viewers, where they are asked for in two forms."""

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from cattube.videos.access import can_edit, is_public_and_ready, public_and_ready
from cattube.videos.models import Video, Visibility
from cattube.videos.states import Status


@pytest.mark.parametrize("visibility", Visibility.values)
@pytest.mark.parametrize("status", Status.values)
def test_video_is_public_and_ready_as_a_query_finds_it(
    make_video: MakeVideo, visibility: str, status: str
) -> None:
    video = make_video(visibility=visibility, status=status)

    is_found = Video.objects.filter(public_and_ready()).exists()

    assert is_found == is_public_and_ready(video) == ((visibility, status) == ("public", "ready"))


def test_w142_rights_of_a_guest_cost_no_query(
    alice_video: Video, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """W142"""
    video = Video.objects.get(pk=alice_video.pk)

    with django_assert_num_queries(0):
        assert not can_edit(video, AnonymousUser())
