"""What other sites and search engines are told of a page: the preview of a link to it.

It tells what a guest sees, to whomever: a page that guests do not see has none.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from cattube.channels.models import Channel
from cattube.playlists.access import can_see_playlist
from cattube.playlists.models import Playlist
from cattube.videos.access import can_watch, is_public_and_ready
from cattube.videos.models import Asset, Video, Visibility
from cattube.web.origins import own_origin
from cattube.web.outward.embed_code import Size, embed_size
from cattube.web.outward.structured_data import data_element, video_object

GUEST = AnonymousUser()
# Longer ones are cut by those who show them.
MOST_CHARACTERS = 200


@dataclass(frozen=True)
class Picture:
    """address: with its origin. size: None where nobody knows it."""

    address: str
    size: Size | None = None


@dataclass(frozen=True)
class Player:
    """address: of the page to put into a frame. described_at: of the answer that says how (oEmbed)."""

    address: str
    size: Size
    described_at: str


@dataclass(frozen=True)
class LinkPreview:
    """kind: OpenGraph's type. address: the one that the page is known by. is_found: by search engines.

    structured_data: for them, as markup.
    """

    title: str
    description: str
    address: str
    kind: str
    is_found: bool
    picture: Picture | None = None
    player: Player | None = None
    structured_data: SafeString | None = None


def preview_of_video(video: Video, request: HttpRequest) -> LinkPreview | None:
    """None for a private video, even to its owner. Search engines find public ones that are ready."""
    if not can_watch(video, GUEST):
        return None
    site, is_found = own_origin(request), is_public_and_ready(video)
    address = site + video.get_absolute_url()
    description = _in_one_line(video.description) or f"A video by {video.owner} on {settings.SITE_NAME}."
    picture, player = _poster(video, site), _player(video, site)
    document = None
    if is_found and picture:
        document = video_object(
            title=video.title,
            description=description,
            address=address,
            player=player.address,
            poster=picture.address,
            author=video.owner.get_username(),
            uploaded_at=video.uploaded_at,
            duration_seconds=video.duration_seconds,
            views=video.views,
        )
    return LinkPreview(
        title=video.title,
        description=description,
        address=address,
        kind="video.other",
        is_found=is_found,
        picture=picture,
        player=player,
        structured_data=data_element(document) if document else None,
    )


def preview_of_channel(channel: Channel, request: HttpRequest) -> LinkPreview:
    """channel: one in which guests find something."""
    site = own_origin(request)
    return LinkPreview(
        title=str(channel.owner),
        description=_in_one_line(channel.about) or f"Videos of {channel.owner} on {settings.SITE_NAME}.",
        address=site + channel.get_absolute_url(),
        kind="profile",
        is_found=True,
        picture=Picture(site + channel.picture_url) if channel.picture_url else None,
    )


def preview_of_playlist(
    playlist: Playlist, request: HttpRequest, *, first: Video | None
) -> LinkPreview | None:
    """None for a private playlist. first: its video whose still stands for it, if guests see that."""
    if not can_see_playlist(playlist, GUEST):
        return None
    site = own_origin(request)
    return LinkPreview(
        title=playlist.title,
        description=f"A playlist by {playlist.owner} on {settings.SITE_NAME}.",
        address=site + playlist.get_absolute_url(),
        kind="website",
        is_found=playlist.visibility == Visibility.PUBLIC,
        picture=_poster(first, site) if first and can_watch(first, GUEST) else None,
    )


def _poster(video: Video, site: str) -> Picture | None:
    still = video.asset(Asset.Role.THUMBNAIL)
    if still is None:
        return None
    size = Size(still.width, still.height) if still.width and still.height else None
    return Picture(site + reverse("poster", args=[video.pk]), size)


def _player(video: Video, site: str) -> Player:
    query = urlencode({"url": site + video.get_absolute_url(), "format": "json"})
    return Player(
        address=site + reverse("embed", args=[video.pk]),
        size=embed_size(video.width, video.height),
        described_at=f"{site}{reverse('oembed')}?{query}",
    )


def _in_one_line(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(MOST_CHARACTERS)
