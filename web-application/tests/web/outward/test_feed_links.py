"""Links that lead from pages to their feeds, where guests see something."""

from __future__ import annotations

import pytest
from conftest import MakeVideo
from django.contrib.auth.models import User
from django.test import Client

from cattube.playlists.models import Playlist

PUBLIC = {"visibility": "public", "status": "ready"}


@pytest.fixture
def playlist(alice: User) -> Playlist:
    return Playlist.objects.create(owner=alice, title="Roofs", visibility="public")


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/", "/feeds/videos.xml"),
        ("/?visibility=private&order=oldest", "/feeds/videos.xml"),
        ("/?q=roof", "/feeds/search.xml?q=roof"),
        ("/?q=dog&length=long&status=failed", "/feeds/search.xml?q=dog&amp;length=long"),
        ("/channels/alice", "/feeds/channels/alice.xml"),
        ("/channels/alice?order=watched", "/feeds/channels/alice.xml"),
        ("/playlists/{playlist}", "/feeds/playlists/{playlist}.xml"),
    ],
)
def test_w176_page_leads_to_its_feed_in_its_head_and_for_people(
    client: Client, as_alice: Client, make_video: MakeVideo, playlist: Playlist, page: str, feed: str
) -> None:
    """W176"""
    make_video(**PUBLIC)
    address = feed.format(playlist=playlist.pk)

    for visitor in (client, as_alice):
        shown = visitor.get(page.format(playlist=playlist.pk)).content.decode()
        assert f'<link rel="alternate" type="application/rss+xml" href="{address}"' in shown
        assert f'<a href="{address}"' in shown  # in the footer
        assert ('aria-label="RSS feed"' in shown) == page.startswith("/channels/")
        assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_page_that_guests_do_not_see_leads_to_no_feed_of_it(
    as_alice: Client, make_video: MakeVideo, playlist: Playlist
) -> None:
    make_video(status="ready")
    Playlist.objects.update(visibility="private")

    for page in ("/channels/alice", f"/playlists/{playlist.pk}", "/later/"):
        shown = as_alice.get(page).content.decode()
        assert "application/rss+xml" in shown  # that of all videos, in the footer
        assert 'rel="alternate"' not in shown
        assert "RSS feed" not in shown
