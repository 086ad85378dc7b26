"""Live previews of videos, for players of HLS."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from ninja import Router

from cattube.processing.transloadit.client import EngineSilent, EngineUnreachable
from cattube.processing.transloadit.live_preview import engine_path, is_playlist, read_playlist
from cattube.storage.media_types import PLAYLIST
from cattube.videos.access import video_to_watch
from cattube.web.api.auth import NEEDS_READ_OR_NOBODY
from cattube.web.api.schemas import ErrorOut
from cattube.web.origins import engine_origin

log = logging.getLogger(__name__)
router = Router(tags=["videos"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 503}): ErrorOut}
HEADERS = {"Cache-Control": "no-store"}


@router.get(
    "/videos/{id}/live/{name}",
    response=ERRORS,
    auth=NEEDS_READ_OR_NOBODY,
    url_name="live_preview",
    openapi_extra={
        "responses": {
            200: {"description": "HLS playlist", "content": {PLAYLIST: {}}},
            302: {"description": "The way to a piece of the stream, good for half a minute"},
        }
    },
)
def get_live_preview(request: HttpRequest, id: str, name: str) -> HttpResponse:  # noqa: A002
    """What is encoded of a video so far: the playlist that `growing` names, and the pieces it names.

    Each is for whoever may watch the video when it is asked for.
    """
    video = video_to_watch(id, request.user)
    if not is_playlist(name):
        return HttpResponseRedirect(engine_origin(request) + engine_path(video, name), headers=HEADERS)
    try:
        playlist = read_playlist(video, name)
    except EngineUnreachable as error:
        log.warning("The engine did not give the live preview of %s: %s", video.pk, error)
        raise EngineSilent from error
    return HttpResponse(playlist, content_type=PLAYLIST, headers=HEADERS)
