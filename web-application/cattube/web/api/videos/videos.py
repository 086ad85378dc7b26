"""API of one video: reading, following, changing and deleting it."""

from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from ninja.responses import Status as Answer

from cattube.accounts.publishing import publish_in
from cattube.accounts.tokens.token_scopes import Scope
from cattube.errors import NotFound
from cattube.processing.bucket.uploads import NotUploading
from cattube.processing.lifecycle.assembly_claim import claim_assembly
from cattube.processing.lifecycle.deletion import delete_forever
from cattube.processing.lifecycle.refresh import may_get_live_preview, refresh
from cattube.storage.media_types import CUES
from cattube.videos import access
from cattube.videos.models import Video
from cattube.videos.storyboard import cues_of, storyboard_of
from cattube.videos.trash import move_to_trash, restore
from cattube.web.api.auth import NEEDS_READ_OR_NOBODY, needs, require_scope
from cattube.web.api.schemas import ErrorOut
from cattube.web.api.videos.events import Reading, event_stream
from cattube.web.api.videos.video_schemas import VideoChangesIn, VideoOut
from cattube.web.origins import own_origin
from cattube.web.person import person_of
from cattube.web.presentation import on_site, video_json
from cattube.web.thread_places import viewer_of

router = Router(tags=["videos"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404}): ErrorOut}


@router.get("/videos/{id}", response={200: VideoOut, **ERRORS}, auth=NEEDS_READ_OR_NOBODY, url_name="video")
def get_video(request: HttpRequest, id: str) -> Answer[dict[str, Any]]:  # noqa: A002 the word in the URL
    """One video; ask again while it is not ready. Its state is never older than the engine's last answer."""
    return Answer(200, _answer(request, _fresh_video(request, id)))


@router.get(
    "/videos/{id}/events",
    response={**ERRORS, 503: ErrorOut},
    auth=NEEDS_READ_OR_NOBODY,
    url_name="video_events",
    openapi_extra={
        "responses": {200: {"description": "Server-sent events", "content": {"text/event-stream": {}}}}
    },
)
def watch_video(request: HttpRequest, id: str) -> HttpResponseBase:  # noqa: A002
    """The same document, as a server-sent event each time it changes, until its `phase` is null.

    A stream ends after a minute: connect again. 503 when too many are open: poll `/api/videos/{id}`.
    """
    return event_stream(partial(_read, request, id), viewer_of(request))


@router.get(
    "/videos/{id}/storyboard.vtt",
    response=ERRORS,
    auth=NEEDS_READ_OR_NOBODY,
    url_name="storyboard_cues",
    openapi_extra={"responses": {200: {"description": "WebVTT", "content": {"text/vtt": {}}}}},
)
def get_storyboard_cues(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    """Tiles of the storyboard with their times, as WebVTT with links that expire."""
    board = storyboard_of(access.video_to_watch(id, request.user))
    if board is None:
        raise NotFound("This video has no storyboard.")
    cues = cues_of({**board, "url": on_site(own_origin(request), board["url"])})
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(cues, content_type=f"{CUES}; charset=utf-8", headers=headers)


@router.patch("/videos/{id}", response={200: VideoOut, **ERRORS, 409: ErrorOut}, auth=needs())
def change_video(
    request: HttpRequest,
    id: str,  # noqa: A002
    changes: VideoChangesIn,
) -> Answer[dict[str, Any]]:
    """Change details; or say which Assembly carries the file, which nobody needs to."""
    for scope in _scopes_for(changes):
        require_scope(request, scope)
    video = access.video_to_edit(id, request.user)
    values = {name: value for name, value in changes.dict(exclude_unset=True).items() if value is not None}
    tags, assembly_id = values.pop("tags", None), values.pop("assembly_id", None)
    channel = values.pop("channel", None)
    # Before the transaction: the engine is asked about it.
    if assembly_id is not None and not claim_assembly(video, assembly_id):
        raise NotUploading
    with transaction.atomic():
        if channel is not None:
            video = publish_in(video, channel, person_of(request))
        if values:
            _change(video, values)
        if tags is not None:
            video.set_tags(tags)
    return Answer(200, _answer(request, access.video_to_edit(id, request.user)))


@router.delete("/videos/{id}", response={204: None, **ERRORS}, auth=needs(Scope.DELETE))
def delete_video(request: HttpRequest, id: str, permanent: bool = False) -> Answer[None]:  # noqa: A002
    """Into the trash; with `permanent=true` delete record and files for ever."""
    video = access.video_to_edit(id, request.user, also_trashed=True)
    if permanent:
        delete_forever(video)
    else:
        move_to_trash(video)
    return Answer(204, None)


@router.post("/videos/{id}/restore", response={200: VideoOut, **ERRORS}, auth=needs(Scope.DELETE))
def restore_video(request: HttpRequest, id: str) -> Answer[dict[str, Any]]:  # noqa: A002
    """Out of the trash again."""
    restore(access.video_to_edit(id, request.user, also_trashed=True))
    return Answer(200, _answer(request, access.video_to_edit(id, request.user)))


def _read(request: HttpRequest, video_id: str) -> Reading:
    video = _fresh_video(request, video_id)
    return Reading(_answer(request, video), may_get_live_preview(video))


def _fresh_video(request: HttpRequest, video_id: str) -> Video:
    video = access.video_to_watch(video_id, request.user)
    if refresh(video):
        video = access.video_to_watch(video_id, request.user)
    return video


def _answer(request: HttpRequest, video: Video) -> dict[str, Any]:
    return video_json(video, request, site=own_origin(request))


def _scopes_for(changes: VideoChangesIn) -> set[Scope]:
    """Scopes that a token needs: to name the Assembly is part of uploading."""
    named = changes.dict(exclude_unset=True).keys()
    return {Scope.UPLOAD if name == "assembly_id" else Scope.EDIT for name in named} or {Scope.EDIT}


def _change(video: Video, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(video, name, value)
    # Only these: a report about processing may arrive at the same time.
    video.save(update_fields=list(values))
