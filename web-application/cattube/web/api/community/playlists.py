"""API of playlists. `later` in the place of an id is the caller's list of what to watch later."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status as Answer

from cattube.accounts.tokens.token_scopes import Scope
from cattube.errors import InvalidFields, NotAllowed
from cattube.paging.by_moment import page_before
from cattube.playlists.access import (
    can_edit_playlist,
    counted_for,
    entries_for,
    playlist_to_edit,
    playlist_to_see,
)
from cattube.playlists.models import Playlist
from cattube.playlists.playlists import add_video, make_playlist, remove_video, reorder, watch_later_of
from cattube.videos.access import video_to_watch
from cattube.web.api.auth import NEEDS_READ_OR_NOBODY, needs
from cattube.web.api.community.playlist_schemas import (
    NewPlaylistIn,
    PlaylistChangesIn,
    PlaylistListOut,
    PlaylistOut,
    PlaylistWithVideosOut,
)
from cattube.web.api.schemas import Cursor, ErrorOut, Limit
from cattube.web.origins import own_origin
from cattube.web.person import person_of
from cattube.web.presentation import videos_json

router = Router(tags=["playlists"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404}): ErrorOut}
LATER = "later"


@router.get("/playlists", response={200: PlaylistListOut, **ERRORS}, auth=needs(Scope.READ))
def list_playlists(request: HttpRequest, cursor: Cursor = "", limit: Limit = 24) -> Answer[dict[str, Any]]:
    """Your playlists, newest first."""
    own = counted_for(Playlist.objects.filter(owner=person_of(request)), request.user).select_related("owner")
    page, following = page_before(own, moment="created_at", cursor=cursor, limit=limit)
    return Answer(200, {"items": [_answer(request, playlist) for playlist in page], "next": following})


@router.post("/playlists", response={201: PlaylistOut, **ERRORS, 409: ErrorOut}, auth=needs(Scope.EDIT))
def create_playlist(request: HttpRequest, new: NewPlaylistIn) -> Answer[dict[str, Any]]:
    """Make a playlist, private unless said otherwise."""
    playlist = make_playlist(person_of(request), new.title, new.visibility)
    return Answer(201, _answer(request, playlist))


@router.get("/playlists/{id}", response={200: PlaylistWithVideosOut, **ERRORS}, auth=NEEDS_READ_OR_NOBODY)
def get_playlist(
    request: HttpRequest,
    id: str,  # noqa: A002 the word in the URL
    cursor: Cursor = "",
    limit: Limit = 24,
) -> Answer[dict[str, Any]]:
    """A playlist with its videos in their order; those that it does not show you are left out."""
    playlist = _later(request) if id == LATER else playlist_to_see(id, request.user)
    entries = entries_for(playlist, request.user).filter(position__gt=_position(cursor))
    shown = list(entries[: limit + 1])
    page = shown[:limit]
    videos = videos_json([entry.video for entry in page], request, site=own_origin(request))
    following = str(page[-1].position) if len(shown) > limit else None
    return Answer(200, {**_answer(request, playlist), "videos": videos, "next": following})


@router.patch("/playlists/{id}", response={200: PlaylistOut, **ERRORS}, auth=needs(Scope.EDIT))
def change_playlist(
    request: HttpRequest,
    id: str,  # noqa: A002
    changes: PlaylistChangesIn,
) -> Answer[dict[str, Any]]:
    """Change title, visibility or order."""
    playlist = _own(request, id)
    values = {name: value for name, value in changes.dict(exclude_unset=True).items() if value is not None}
    order = values.pop("videos", None)
    if values and playlist.is_watch_later:
        raise NotAllowed("The list of what to watch later keeps its name, and is yours alone.")
    if order is not None:
        reorder(playlist, order)
    for name, value in values.items():
        setattr(playlist, name, value)
    if values:
        playlist.save(update_fields=list(values))
    return Answer(200, _answer(request, playlist))


@router.delete("/playlists/{id}", response={204: None, **ERRORS}, auth=needs(Scope.DELETE))
def delete_playlist(request: HttpRequest, id: str) -> Answer[None]:  # noqa: A002
    """Delete a playlist; its videos stay."""
    _own(request, id).delete()
    return Answer(204, None)


@router.put(
    "/playlists/{id}/videos/{video_id}",
    response={204: None, **ERRORS, 409: ErrorOut},
    auth=needs(Scope.EDIT),
)
def add_to_playlist(request: HttpRequest, id: str, video_id: str) -> Answer[None]:  # noqa: A002
    """Put a video at the end of your playlist, unless it is in it."""
    add_video(_own(request, id), video_to_watch(video_id, request.user))
    return Answer(204, None)


@router.delete("/playlists/{id}/videos/{video_id}", response={204: None, **ERRORS}, auth=needs(Scope.EDIT))
def remove_from_playlist(request: HttpRequest, id: str, video_id: str) -> Answer[None]:  # noqa: A002
    """Take a video out of your playlist, whether it is in it or not."""
    remove_video(_own(request, id), video_id)
    return Answer(204, None)


def _own(request: HttpRequest, playlist_id: str) -> Playlist:
    return _later(request) if playlist_id == LATER else playlist_to_edit(playlist_id, request.user)


def _later(request: HttpRequest) -> Playlist:
    """The caller's list. Raises NotFound for nobody."""
    if not request.user.is_authenticated:
        return playlist_to_see(LATER, request.user)
    return watch_later_of(person_of(request))


def _position(cursor: str) -> int:
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise InvalidFields("cursor: expected the `next` of an earlier answer")
    return int(cursor or 0)


def _answer(request: HttpRequest, playlist: Playlist) -> dict[str, Any]:
    count = getattr(playlist, "video_count", None)
    return {
        "id": playlist.pk,
        "title": playlist.title,
        "visibility": playlist.visibility,
        "user": playlist.owner.get_username(),
        "is_watch_later": playlist.is_watch_later,
        "video_count": entries_for(playlist, request.user).count() if count is None else count,
        "created_at": playlist.created_at,
        "url": playlist.get_absolute_url(),
        "can_edit": can_edit_playlist(playlist, request.user),
    }
