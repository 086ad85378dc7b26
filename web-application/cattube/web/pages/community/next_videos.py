"""What the watch page offers to watch next: the playlist that is played, else videos like this one."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from cattube.errors import NotFound
from cattube.playlists.access import playlist_to_see
from cattube.playlists.playing import Place, place_of
from cattube.videos.models import Video
from cattube.videos.related import related_to


def following_videos(request: HttpRequest, video: Video) -> dict[str, Any]:
    """place: in the playlist of `?playlist=`. next: the one that follows, for the player; None at the end."""
    place = _place(request, video)
    related = related_to(video, request.user)
    following = place.next_video if place else next(iter(related), None)
    next_json = _next_json(following, place) if following else None
    return {
        "place": place,
        "related": related,
        "next": next_json,
        "next_url": next_json["url"] if next_json else None,
    }


def _place(request: HttpRequest, video: Video) -> Place | None:
    playlist_id = request.GET.get("playlist", "")
    if not playlist_id:
        return None
    try:
        return place_of(video, playlist_to_see(playlist_id, request.user), request.user)
    except NotFound:
        return None


def _next_json(video: Video, place: Place | None) -> dict[str, Any]:
    return {
        "url": reverse("watch", args=[video.pk]) + (place.query if place else ""),
        "title": video.title,
        "thumbnail_url": video.thumbnail_url,
        "duration_seconds": video.duration_seconds,
    }
