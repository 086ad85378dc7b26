"""New attempt at a failed video from the file that the engine has kept: nothing is uploaded again."""

import logging
from collections.abc import Callable
from copy import copy

from django.db import transaction

from cattube.errors import SiteError
from cattube.processing.lifecycle.cleanup import abandon_attempt, clean_up
from cattube.processing.lifecycle.retry import NotRetryable, begin_attempt, retryable_video
from cattube.processing.lifecycle.video_state import STATE_FIELDS
from cattube.processing.models import Abandonment, was_in_bucket
from cattube.processing.transloadit.client import EngineAway, EngineUnreachable
from cattube.processing.transloadit.options import owner_name, video_fields
from cattube.processing.transloadit.replay import replay_assembly
from cattube.videos.models import Video
from cattube.videos.states import Status

log = logging.getLogger(__name__)
# Columns that `begin_attempt` changes.
_ATTEMPT_FIELDS = (*STATE_FIELDS, "attempt", "attempted_at", "folder", "assembly_id", "checked_at")


class FileNotKept(NotRetryable):
    def __init__(self) -> None:
        super().__init__("Its file is not kept any more. Upload it again.")


class EngineSilent(SiteError):
    code, status, retry_after_seconds = "ENGINE_SILENT", 503, 2

    def __init__(self) -> None:
        super().__init__("The engine does not answer. Try again in a moment.")


def process_again(video_id: str, *, admit: Callable[[Video], None] = lambda _: None) -> None:
    """Have a failed video processed again. Raises NotFound, NotRetryable, EngineSilent, and as `admit`.

    admit: is asked last, with the video. Call outside of transactions: the engine is asked meanwhile, and
    writers must not wait for it. When it refuses, the video has failed as before.
    """
    before, video = _claim(video_id, admit)
    fields = video_fields(
        video.pk, attempt=video.attempt, folder=video.folder, owner=owner_name(video.owner_id)
    )
    try:
        assembly_id = replay_assembly(before.assembly_id, fields=fields)
    except EngineUnreachable as error:
        log.warning("The engine could not be asked to process %s again: %s", video_id, error)
        _take_back(before, video, may_have_begun=not isinstance(error, EngineAway))
        raise EngineSilent from error
    if assembly_id is None:
        _take_back(before, video, may_have_begun=False)
        raise FileNotKept
    _go_on(before, video, assembly_id)


def _claim(video_id: str, admit: Callable[[Video], None]) -> tuple[Video, Video]:
    """The video as it was, and as it waits for the engine: nobody else begins the same attempt."""
    with transaction.atomic():
        video = retryable_video(video_id)
        if video.status != Status.FAILED:
            raise NotRetryable("Only a video that failed can be processed again.")
        if not video.assembly_id or was_in_bucket(video):
            raise FileNotKept
        admit(video)
        before = copy(video)
        begin_attempt(video)
        video.save(update_fields=_ATTEMPT_FIELDS)
    return before, video


def _go_on(before: Video, video: Video, assembly_id: str) -> None:
    """Follow the new Assembly. What the attempt before has left is cleared away."""
    with transaction.atomic():
        row = abandon_attempt(before)
        before.assets.all().delete()
        mine = Video.objects.filter(pk=video.pk, attempt=video.attempt, assembly_id="")
        # Its file has arrived: nobody is to wait for an upload.
        mine.update(assembly_id=assembly_id, status=Status.PROCESSING)
    clean_up(row)


def _take_back(before: Video, video: Video, *, may_have_begun: bool) -> None:
    """Let the video be failed for the reason it was, unless something else has come of it meanwhile."""
    with transaction.atomic():
        attempt = Video.objects.filter(pk=video.pk, attempt=video.attempt, assembly_id="")
        current = attempt.select_for_update().filter(status=Status.UPLOADING).first()
        if current is None:
            return
        if may_have_begun:
            # Its reports are of no attempt then, and what it stores is deleted.
            defaults = {"folder": video.folder}
            Abandonment.objects.get_or_create(video_id=video.pk, attempt=video.attempt, defaults=defaults)
        before.save(update_fields=_ATTEMPT_FIELDS)
