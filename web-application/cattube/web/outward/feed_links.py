"""Addresses of feeds, for pages that lead to theirs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from cattube.channels.models import Channel
from cattube.playlists.models import Playlist
from cattube.web.pages.library.list_filters import SELECTS

_WORDS = ("q", "channel", "tag")
# Feeds have their own order, and nothing in them differs in what only one's own videos differ in.
_OF_PAGES_ALONE = {"order", *(select.name for select in SELECTS if select.is_own)}


@dataclass(frozen=True)
class FeedLink:
    """address: without its origin."""

    address: str
    title: str


def feed_of_channel(channel: Channel) -> FeedLink:
    """channel: one in which guests find something."""
    return FeedLink(reverse("channel_feed", args=[channel.name]), f"{channel.owner} · {settings.SITE_NAME}")


def feed_of_playlist(playlist: Playlist) -> FeedLink:
    """playlist: one that guests see."""
    return FeedLink(reverse("playlist_feed", args=[playlist.pk]), f"{playlist} · {settings.SITE_NAME}")


def feed_of_library(chosen: Mapping[str, str]) -> FeedLink:
    """Feed of a search, or of all that is new where nothing narrows it. chosen: as `chosen_in` gives it."""
    query = query_of_feed(chosen)
    if not query:
        return FeedLink(reverse("videos_feed"), f"New videos · {settings.SITE_NAME}")
    words = [chosen[name] for name in _WORDS if chosen[name]] or ["Videos"]
    title = " · ".join([*words, settings.SITE_NAME])
    return FeedLink(f"{reverse('search_feed')}?{query}", title)


def query_of_feed(chosen: Mapping[str, str]) -> str:
    """What is chosen, as an address has it."""
    return urlencode({name: value for name, value in chosen_for_feed(chosen).items() if value})


def chosen_for_feed(chosen: Mapping[str, str]) -> dict[str, str]:
    """What is chosen, and nothing where that narrows no feed."""
    return {name: "" if name in _OF_PAGES_ALONE else value for name, value in chosen.items()}
