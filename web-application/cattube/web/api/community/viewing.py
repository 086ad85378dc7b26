"""API of watching: views, the position to go on from, and the history."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status as Answer

from cattube.accounts.tokens.token_scopes import Scope
from cattube.paging.by_moment import page_before
from cattube.videos import access
from cattube.viewing import history
from cattube.viewing.viewers import too_many_guests, viewer_of
from cattube.viewing.views import count_view, is_program
from cattube.web.api.auth import NEEDS_READ_OR_NOBODY, needs
from cattube.web.api.community.viewing_schemas import HistoryChangesIn, HistoryOut, PositionIn
from cattube.web.api.schemas import Cursor, ErrorOut, Limit
from cattube.web.origins import own_origin
from cattube.web.person import person_of
from cattube.web.presentation import videos_json

router = Router(tags=["watching"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404}): ErrorOut}


@router.post("/videos/{id}/views", response={204: None, **ERRORS}, auth=NEEDS_READ_OR_NOBODY)
def report_view(request: HttpRequest, id: str) -> Answer[None]:  # noqa: A002 the word in the URL
    """Somebody has watched for some seconds. It counts once in half an hour, and never for the owner."""
    video = access.video_to_watch(id, request.user)
    viewer = viewer_of(request, video)
    counts = (
        video.is_ready
        and viewer
        and not access.can_edit(video, request.user)
        and not is_program(request.headers.get("User-Agent", ""))
    )
    if counts and (request.user.is_authenticated or not too_many_guests(request, video.pk)):
        count_view(video.pk, viewer)
    return Answer(204, None)


@router.put("/videos/{id}/position", response={204: None, **ERRORS}, auth=needs(Scope.EDIT))
def keep_position(request: HttpRequest, id: str, position: PositionIn) -> Answer[None]:  # noqa: A002
    """Keep where you stopped, and put the video at the head of your history."""
    history.record(person_of(request), access.video_to_watch(id, request.user), position.seconds)
    return Answer(204, None)


@router.get("/history", response={200: HistoryOut, **ERRORS}, auth=needs(Scope.READ), url_name="history")
def list_history(request: HttpRequest, cursor: Cursor = "", limit: Limit = 24) -> Answer[dict[str, Any]]:
    """Videos that you have watched, the last one first, with the position to go on from."""
    user, site = person_of(request), own_origin(request)
    lines, following = page_before(history.lines_of(user), moment="watched_at", cursor=cursor, limit=limit)
    videos = videos_json([line.video for line in lines], request, site=site)
    items = [
        {"video": video, "seconds": line.seconds, "watched_at": line.watched_at}
        for video, line in zip(videos, lines, strict=True)
    ]
    return Answer(200, {"items": items, "next": following, "is_on": history.is_on(user)})


@router.patch("/history", response={204: None, **ERRORS}, auth=needs(Scope.EDIT))
def change_history(request: HttpRequest, changes: HistoryChangesIn) -> Answer[None]:
    """Switch your history on or off. While it is off, no position is kept either."""
    history.switch(person_of(request), on=changes.is_on)
    return Answer(204, None)


@router.delete("/history", response={204: None, **ERRORS}, auth=needs(Scope.DELETE))
def empty_history(request: HttpRequest) -> Answer[None]:
    """Forget all that you have watched."""
    history.empty(person_of(request))
    return Answer(204, None)


@router.delete("/history/{id}", response={204: None, **ERRORS}, auth=needs(Scope.DELETE))
def forget_video(request: HttpRequest, id: str) -> Answer[None]:  # noqa: A002
    """Take one video out of your history, whether it is there or not."""
    history.forget(person_of(request), id)
    return Answer(204, None)
