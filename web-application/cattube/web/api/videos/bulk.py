"""API for one change to many videos at once."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status as Answer

from cattube.accounts.quota.quota import require_room_again
from cattube.accounts.tokens.token_scopes import Scope
from cattube.errors import InvalidFields, SiteError
from cattube.processing.lifecycle.reprocessing import process_again
from cattube.processing.transloadit.client import EngineSilent
from cattube.videos import access
from cattube.videos.models import Video
from cattube.videos.tags import clean_tags
from cattube.videos.trash import move_to_trash
from cattube.web.api.auth import needs, require_scope
from cattube.web.api.schemas import ErrorOut
from cattube.web.api.videos.bulk_schemas import BulkIn, BulkOut

router = Router(tags=["videos"])
ERRORS: dict[Any, Any] = {frozenset({400, 401, 403}): ErrorOut}


@router.post("/bulk", response={200: BulkOut, **ERRORS}, auth=needs(), url_name="bulk")
def change_videos(request: HttpRequest, changes: BulkIn) -> Answer[dict[str, Any]]:
    """Change or delete up to 100 of your videos; the answer says of each what became of it.

    `tags` are added to those that a video has. `delete` moves videos to the trash. `retry` has failed ones
    processed again from the file that the engine has kept, and comes alone. One that cannot be changed holds
    up no other.
    """
    for scope in _scopes_for(changes):
        require_scope(request, scope)
    again = _Reprocessing()
    items = [_outcome(request, video_id, changes, again) for video_id in dict.fromkeys(changes.videos)]
    return Answer(200, {"items": items})


class _Reprocessing:
    """Asks the engine no more once it was silent: each question may take seconds."""

    def __init__(self) -> None:
        self._silence: EngineSilent | None = None

    def begin(self, video_id: str) -> None:
        if self._silence:
            raise self._silence
        try:
            process_again(video_id, admit=require_room_again)
        except EngineSilent as error:
            self._silence = error
            raise


def _scopes_for(changes: BulkIn) -> Iterator[Scope]:
    changes_details = changes.visibility is not None or changes.tags is not None
    if not (changes_details or changes.delete or changes.retry):
        raise InvalidFields("Say what to do with the videos: visibility, tags, retry or delete.")
    if changes.retry and (changes_details or changes.delete):
        # The engine is asked last: of a video that it refuses, the error would tell that nothing was changed.
        raise InvalidFields("Process the videos again without another change, or change them first.")
    if changes_details:
        yield Scope.EDIT
    if changes.retry:
        yield Scope.UPLOAD
    if changes.delete:
        yield Scope.DELETE


def _outcome(request: HttpRequest, video_id: str, changes: BulkIn, again: _Reprocessing) -> dict[str, Any]:
    try:
        with transaction.atomic():
            # Locked before it is read: tags that another request adds meanwhile are kept.
            list(Video.objects.select_for_update(no_key=True).filter(pk=video_id).values_list("pk"))
            _change(access.video_to_edit(video_id, request.user), changes)
        if changes.retry:
            # After the transaction: the engine is asked about it.
            again.begin(video_id)
    except SiteError as error:
        return {"id": video_id, "error": {"code": error.code, "message": str(error)}}
    return {"id": video_id, "error": None}


def _change(video: Video, changes: BulkIn) -> None:
    if changes.visibility is not None:
        video.visibility = changes.visibility
        # Only this: a report about processing may arrive at the same time.
        video.save(update_fields=["visibility"])
    if changes.tags is not None:
        video.set_tags(_all_tags(video, changes.tags))
    if changes.delete:
        move_to_trash(video)


def _all_tags(video: Video, added: list[str]) -> list[str]:
    try:
        return clean_tags([*video.tag_list, *added])
    except ValueError as error:
        raise InvalidFields(str(error)) from error
