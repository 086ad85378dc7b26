"""Rights of viewers, where they are asked for in two forms."""

import pytest
from conftest import MakeVideo

from cattube.videos.access import is_public_and_ready, public_and_ready
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
