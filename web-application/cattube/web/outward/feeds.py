"""RSS feeds: of all videos, of a search, of a channel, of a playlist. Each has the newest of them.

They tell what a guest finds, to whomever: a feed is read by programs and shown on pages of others.
Django's generator writes them. Its views would know no origin but the request's.
"""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.html import linebreaks
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from cattube.playlists.access import entries_for, playlist_to_see
from cattube.search.listing.library import newest_videos
from cattube.videos import access
from cattube.videos.channel_access import channel_to_see
from cattube.videos.models import Video, Visibility
from cattube.web.origins import own_origin
from cattube.web.outward.embed_code import Size
from cattube.web.outward.feed_document import VideoFeed
from cattube.web.outward.feed_links import (
    FeedLink,
    chosen_for_feed,
    feed_of_channel,
    feed_of_library,
    feed_of_playlist,
    query_of_feed,
)
from cattube.web.outward.link_preview import GUEST, Picture, preview_of_channel, preview_of_video
from cattube.web.pages.errors_as_pages import errors_as_pages
from cattube.web.pages.library.list_filters import chosen_in, filters_of

# A reader that asks as often as caches allow sees what is hidden go within minutes.
CACHE_SECONDS = 300
MOST_ENTRIES = 50
MOST_CHARACTERS = 2000


@require_safe
def videos_feed(request: HttpRequest) -> HttpResponseBase:
    return _library_feed(request, QueryDict())


@require_safe
def search_feed(request: HttpRequest) -> HttpResponseBase:
    """The newest that a search finds, or another list of the library. Words are taken as they are typed."""
    return _library_feed(request, request.GET)


@require_safe
def channel_feed(request: HttpRequest, name: str) -> HttpResponseBase:
    with errors_as_pages():
        channel = channel_to_see(name, GUEST)
    preview = preview_of_channel(channel, request)
    videos = access.listed_for(GUEST).filter(owner_id=channel.owner_id).order_by("-uploaded_at", "-id")
    return _answer(
        request,
        feed_of_channel(channel),
        page=channel.get_absolute_url(),
        description=preview.description,
        picture=preview.picture,
        videos=videos[:MOST_ENTRIES],
    )


@require_safe
def playlist_feed(request: HttpRequest, id: str) -> HttpResponseBase:  # noqa: A002 the word in the URL
    """What was put in last. As on its page, an owner's unlisted videos are among it."""
    with errors_as_pages():
        playlist = playlist_to_see(id, GUEST)
    entries = entries_for(playlist, GUEST).order_by("-added_at", "-pk")[:MOST_ENTRIES]
    response = _answer(
        request,
        feed_of_playlist(playlist),
        page=playlist.get_absolute_url(),
        description=f"A playlist by {playlist.owner} on {settings.SITE_NAME}.",
        videos=[entry.video for entry in entries],
    )
    if playlist.visibility != Visibility.PUBLIC:
        response["X-Robots-Tag"] = "noindex"
    return response


def _library_feed(request: HttpRequest, address: QueryDict) -> HttpResponseBase:
    chosen, home = chosen_for_feed(chosen_in(address)), reverse("library")
    query = query_of_feed(chosen)
    return _answer(
        request,
        feed_of_library(chosen),
        page=f"{home}?{query}" if query else home,
        description=f"The newest videos {'of a search ' if query else ''}on {settings.SITE_NAME}.",
        videos=newest_videos(GUEST, filters_of(chosen), limit=MOST_ENTRIES),
    )


def _answer(
    request: HttpRequest,
    link: FeedLink,
    *,
    page: str,
    description: str,
    videos: Iterable[Video],
    picture: Picture | None = None,
) -> HttpResponseBase:
    """The feed, or 304 for a reader that has it.

    page: address of what it is a feed of, without its origin.
    """
    site = own_origin(request)
    feed = VideoFeed(
        title=link.title,
        link=site + page,
        description=description,
        feed_url=site + link.address,
        picture=picture,
    )
    for video in videos:
        _add(feed, video, request)
    headers = {"Cache-Control": f"public, max-age={CACHE_SECONDS}"}
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type, headers=headers)
    # No time of a change: a video that is hidden would change the feed and not the time.
    set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _add(feed: VideoFeed, video: Video, request: HttpRequest) -> None:
    preview = preview_of_video(video, request)
    if preview is None:
        return
    words = Truncator(video.description.strip()).chars(MOST_CHARACTERS)
    feed.add_item(
        title=video.title,
        link=preview.address,
        # Readers show it as HTML, and the title as text.
        description=linebreaks(words or preview.description, autoescape=True),
        author_name=video.owner.get_username(),
        pubdate=video.uploaded_at,
        unique_id=preview.address,
        unique_id_is_permalink=True,
        categories=video.tag_list,
        picture=preview.picture,
        player=preview.player,
        duration_seconds=video.duration_seconds,
        size=Size(video.width, video.height) if video.width and video.height else None,
    )
