"""API of chapters."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status as Answer

from cattube.accounts.tokens.token_scopes import Scope
from cattube.captions.chapters import ChapterMark, set_chapters
from cattube.videos import access
from cattube.videos.models import Video
from cattube.web.api.auth import NEEDS_READ_OR_NOBODY, needs
from cattube.web.api.captions.caption_schemas import ChapterListIn, ChapterListOut
from cattube.web.api.schemas import ErrorOut
from cattube.web.caption_json import chapter_list

router = Router(tags=["chapters"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403, 404}): ErrorOut}


@router.get("/videos/{id}/chapters", response={200: ChapterListOut, **ERRORS}, auth=NEEDS_READ_OR_NOBODY)
def get_chapters(request: HttpRequest, id: str) -> Answer[dict[str, Any]]:  # noqa: A002 the word in the URL
    """Chapters of a video: those that its owner has set, else those in its description."""
    return Answer(200, _answer(access.video_to_watch(id, request.user)))


@router.put("/videos/{id}/chapters", response={200: ChapterListOut, **ERRORS}, auth=needs(Scope.EDIT))
def put_chapters(request: HttpRequest, id: str, chapters: ChapterListIn) -> Answer[dict[str, Any]]:  # noqa: A002
    """Set the chapters, in the order of their times; with none, those in the description count again."""
    video = access.video_to_edit(id, request.user)
    set_chapters(video, [ChapterMark(item.start_seconds, item.title) for item in chapters.items])
    return Answer(200, _answer(video))


def _answer(video: Video) -> dict[str, Any]:
    return {"items": chapter_list(video), "next": None}
