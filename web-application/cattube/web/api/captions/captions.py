"""API of captions and transcripts."""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.responses import Status as Answer

from cattube.accounts.tokens.token_scopes import Scope
from cattube.captions.captionings import ask_for_captions
from cattube.captions.conditions import Condition
from cattube.captions.formats.errors import CaptionsTooLarge
from cattube.captions.formats.reading import read_captions
from cattube.captions.formats.webvtt import written_webvtt
from cattube.captions.languages import normal_language
from cattube.captions.models import CaptionTrack
from cattube.captions.tracks import NoCaptions, cues_of, delete_track, save_track, track_in
from cattube.captions.transcripts import found_in, transcript_of
from cattube.captions.video_texts import tracks_of
from cattube.errors import InvalidFields, SiteError
from cattube.storage.media_types import CUES
from cattube.videos import access
from cattube.videos.models import Video
from cattube.web.api.auth import NEEDS_READ_OR_NOBODY, needs
from cattube.web.api.captions.caption_schemas import (
    AutomaticCaptionsIn,
    CaptionDetailsIn,
    CaptioningOut,
    CaptionListOut,
    TranscriptIn,
    TranscriptOut,
)
from cattube.web.api.schemas import ErrorOut
from cattube.web.caption_floods import refuse_caption_flood
from cattube.web.caption_json import caption_list, captioning_json
from cattube.web.origins import own_origin
from cattube.web.person import person_of

router = Router(tags=["captions"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404}): ErrorOut}
CHANGE_ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409, 412, 413, 415, 429}): ErrorOut}
SUBRIP = "application/x-subrip"
FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {name: {"schema": {"type": "string", "format": "binary"}} for name in (CUES, SUBRIP)},
    }
}


class NoCaptionFile(SiteError):
    code, status = "UNSUPPORTED_MEDIA_TYPE", 415

    def __init__(self) -> None:
        super().__init__(f"Send WebVTT with the Content-Type {CUES}, or SubRip with {SUBRIP}.")


@router.get("/videos/{id}/captions", response={200: CaptionListOut, **ERRORS}, auth=NEEDS_READ_OR_NOBODY)
def list_captions(request: HttpRequest, id: str) -> Answer[dict[str, Any]]:  # noqa: A002 the word in the URL
    """Captions of a video, the one first that a viewer sees who has chosen none."""
    video = access.video_to_watch(id, request.user)
    return Answer(200, {"items": caption_list(video, site=own_origin(request)), "next": None})


@router.post(
    "/videos/{id}/captions",
    response={202: CaptioningOut, **CHANGE_ERRORS},
    auth=needs(Scope.EDIT),
)
def make_captions(request: HttpRequest, id: str, wish: AutomaticCaptionsIn) -> Answer[dict[str, Any] | None]:  # noqa: A002
    """Have a machine make captions of what is said. The video's `captioning` tells how far it is."""
    video = access.video_to_edit(id, request.user)
    ask_for_captions(video, language=normal_language(wish.language) if wish.language else "")
    return Answer(202, captioning_json(video, is_owner=True))


@router.get(
    "/videos/{id}/captions/{language}",
    response=ERRORS,
    auth=NEEDS_READ_OR_NOBODY,
    url_name="captions",
    openapi_extra={"responses": {200: {"description": "WebVTT", "content": {CUES: {}}}}},
)
def get_captions(request: HttpRequest, id: str, language: str) -> HttpResponse:  # noqa: A002
    """Captions in one language, as WebVTT. Its ETag is for `If-None-Match`, and `If-Match` of a change."""
    track = _track(access.video_to_watch(id, request.user), language)
    headers = {"ETag": track.etag, "Cache-Control": "private, no-cache"}
    if track.etag in _etags(request, "If-None-Match"):
        return HttpResponse(status=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{id}.{track.language}.vtt"'
    content = written_webvtt(cues_of(track))
    return HttpResponse(content, content_type=f"{CUES}; charset=utf-8", headers=headers)


@router.put(
    "/videos/{id}/captions/{language}",
    response={204: None, **CHANGE_ERRORS},
    auth=needs(Scope.EDIT),
    openapi_extra=FILE_BODY,
)
def put_captions(
    request: HttpRequest,
    id: str,  # noqa: A002
    language: str,
    details: Query[CaptionDetailsIn],
) -> HttpResponse:
    """Set the captions in one language: a WebVTT or SubRip file of at most 2 MB and 20,000 cues.

    `If-Match` with the ETag of what you know, or `If-None-Match: *`, refuses with 412 when it has changed.
    """
    video = access.video_to_edit(id, request.user)
    tag = normal_language(language)
    if request.content_type not in (CUES, SUBRIP):
        raise NoCaptionFile
    cues = read_captions(_body(request), is_webvtt=request.content_type == CUES)
    refuse_caption_flood(person_of(request), cues)
    label = details.label.replace("\0", "")
    track = save_track(video, tag, cues, label=label, kind=details.kind, condition=_condition(request))
    return HttpResponse(status=204, headers={"ETag": track.etag})


@router.delete(
    "/videos/{id}/captions/{language}", response={204: None, **CHANGE_ERRORS}, auth=needs(Scope.EDIT)
)
def delete_captions(request: HttpRequest, id: str, language: str) -> Answer[None]:  # noqa: A002
    """Delete the captions in one language."""
    video = access.video_to_edit(id, request.user)
    delete_track(video, _track(video, language).language, condition=_condition(request))
    return Answer(204, None)


@router.get(
    "/videos/{id}/transcript",
    response={200: TranscriptOut, **ERRORS},
    auth=NEEDS_READ_OR_NOBODY,
    url_name="transcript",
)
def get_transcript(request: HttpRequest, id: str, filters: Query[TranscriptIn]) -> Answer[dict[str, Any]]:  # noqa: A002
    """What is said, with its times; with `q` those cues alone in which these words begin.

    Without `language`, of the captions that a viewer sees first; nothing where there are none.
    """
    video = access.video_to_watch(id, request.user)
    track = _track(video, filters.language) if filters.language else next(iter(tracks_of(video)), None)
    start = int(filters.cursor or 0)
    end = start + filters.limit
    part = slice(start, end + 1)
    if track is None:
        cues = []
    else:
        cues = found_in(transcript_of(track), filters.q)[part] if filters.q else transcript_of(track, part)
    items = [asdict(cue) for cue in cues[: filters.limit]]
    return Answer(200, {"items": items, "next": str(end) if len(cues) > filters.limit else None})


def _track(video: Video, language: str) -> CaptionTrack:
    """Captions in a language as a client wrote it. Raises NoCaptions."""
    try:
        return track_in(video, normal_language(language))
    except InvalidFields as error:
        raise NoCaptions from error


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig as error:
        raise CaptionsTooLarge from error


def _condition(request: HttpRequest) -> Condition:
    """What the client wants to be so. Source: RFC 9110, sections 13.1.1 and 13.1.2."""
    known, unwanted = _etags(request, "If-Match"), _etags(request, "If-None-Match")
    is_new = False if "*" in known else True if "*" in unwanted else None
    return Condition(etags=known if known and "*" not in known else None, is_new=is_new)


def _etags(request: HttpRequest, header: str) -> list[str]:
    return [tag for word in request.headers.get(header, "").split(",") if (tag := word.strip())]
