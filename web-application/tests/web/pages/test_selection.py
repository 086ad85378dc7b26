"""Where videos are selected: in every list of cards that may have one's own."""

from __future__ import annotations

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client

BOX, BAR, KEYS = "data-select>", 'id="bulk"', "<dt>Select your video</dt>"


@pytest.fixture
def lists(make_video: MakeVideo, bob: User) -> None:
    for owner in (None, bob):
        make_video(status="ready", visibility="public", **({"owner": owner} if owner else {}))


@pytest.mark.parametrize("path", ["/", "/?q=cat", "/channels/alice"])
def test_w166_own_videos_are_selected_in_the_library_a_search_and_ones_channel(
    as_alice: Client, client: Client, lists: None, path: str
) -> None:
    """W166"""
    as_alice.get("/channel/")

    mine, other = (viewer.get(path).content.decode() for viewer in (as_alice, client))

    assert (mine.count(BOX), BAR in mine, KEYS in mine) == (1, True, True)
    assert (other.count(BOX), BAR in other, KEYS in other) == (0, False, False)
    assert "data-grid" in mine
    assert "data-grid" in other


def test_w166_failed_video_that_is_found_says_why(as_alice: Client, make_video: MakeVideo) -> None:
    """W166"""
    make_video(status="failed", error_code="INVALID_INPUT_ERROR", error_message="Not a video we can read")

    page = as_alice.get("/?q=cat").content.decode()

    assert "Not a video we can read" in page
    assert "Choose another file" in page
