"""API of the trash."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from ninja.responses import Status as Answer

from cattube.accounts.tokens.token_scopes import Scope
from cattube.paging.by_moment import page_before
from cattube.processing.lifecycle.deletion import empty_trash
from cattube.videos.trash import summary_of, trash_of
from cattube.web.api.auth import needs
from cattube.web.api.schemas import Cursor, ErrorOut, Limit
from cattube.web.api.videos.trash_schemas import EmptiedOut, EmptyingIn, TrashOut
from cattube.web.origins import own_origin
from cattube.web.presentation import videos_json

router = Router(tags=["videos"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403}): ErrorOut}


@router.get("/trash", response={200: TrashOut, **ERRORS}, auth=needs(Scope.READ))
def list_trash(request: HttpRequest, cursor: Cursor = "", limit: Limit = 24) -> Answer[dict[str, Any]]:
    """Your videos in the trash, the last one first, and what all of them take up."""
    rows, summary = trash_of(request.user), summary_of(request.user)
    videos, following = page_before(rows, moment="trashed_at", cursor=cursor, limit=limit)
    items = [
        {**document, "trashed_at": video.trashed_at, "size_bytes": getattr(video, "stored_bytes", None) or 0}
        for document, video in zip(
            videos_json(videos, request, site=own_origin(request)), videos, strict=True
        )
    ]
    total = {"total": summary.count, "size_bytes": summary.stored_bytes}
    return Answer(200, {"items": items, "next": following, **total})


@router.delete("/trash", response={200: EmptiedOut, **ERRORS}, auth=needs(Scope.DELETE))
def empty(request: HttpRequest, given: Query[EmptyingIn]) -> Answer[dict[str, int]]:
    """Delete for ever what is in your trash, 200 videos at a time; the answer says how many are left."""
    until = given.until or timezone.now()
    deleted = empty_trash(request.user, until=until)
    return Answer(200, {"deleted": deleted, "left": summary_of(request.user).count})
