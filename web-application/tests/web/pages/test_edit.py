"""The pages on which a video is described: what a description can do, and where the rest is edited."""

from __future__ import annotations

import pytest
from django.test import Client

from cattube.videos.models import Video

HINT = "Times like 2:37 become links, and three or more of them chapters when the first is 0:00."


@pytest.mark.parametrize(
    ("path", "field"), [("/upload/", "details-description"), ("/videos/{id}/edit", "id_description")]
)
def test_w167_description_tells_what_times_in_it_become(
    as_alice: Client, alice_video: Video, path: str, field: str
) -> None:
    """W167"""
    page = as_alice.get(path.format(id=alice_video.pk)).content.decode()

    assert f'<small id="{field}-help">{HINT}</small>' in page
    assert f'aria-describedby="{field}-help"' in page


def test_w167_edit_page_leads_to_captions_and_chapters(as_alice: Client, alice_video: Video) -> None:
    """W167"""
    page = as_alice.get(f"/videos/{alice_video.pk}/edit").content.decode()

    for name in ("captions", "chapters"):
        assert f'href="/videos/{alice_video.pk}/{name}"' in page
