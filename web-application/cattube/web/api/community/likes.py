"""API of likes."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status as Answer

from cattube.accounts.tokens.token_scopes import Scope
from cattube.community.likes import set_like
from cattube.videos import access
from cattube.web.api.auth import needs
from cattube.web.api.community.comment_schemas import LikesOut
from cattube.web.api.schemas import ErrorOut
from cattube.web.person import person_of

router = Router(tags=["likes"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 429}): ErrorOut}


@router.put("/videos/{id}/like", response={200: LikesOut, **ERRORS}, auth=needs(Scope.EDIT), url_name="like")
def like_video(request: HttpRequest, id: str) -> Answer[dict[str, int]]:  # noqa: A002 the word in the URL
    """Like a video. A second time changes nothing."""
    return _set(request, id, liked=True)


@router.delete("/videos/{id}/like", response={200: LikesOut, **ERRORS}, auth=needs(Scope.EDIT))
def unlike_video(request: HttpRequest, id: str) -> Answer[dict[str, int]]:  # noqa: A002
    """Take your like back, whether there is one or not."""
    return _set(request, id, liked=False)


def _set(request: HttpRequest, video_id: str, *, liked: bool) -> Answer[dict[str, int]]:
    video = access.video_to_watch(video_id, request.user)
    return Answer(200, {"likes": set_like(video, person_of(request), liked=liked)})
