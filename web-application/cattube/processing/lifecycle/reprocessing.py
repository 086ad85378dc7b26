"""New attempt at a failed video from the file that the engine has kept: nothing is uploaded again."""

import logging
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cattube.errors import SiteError
from cattube.processing.lifecycle.cleanup import abandon_attempt, clean_up
from cattube.processing.lifecycle.retry import NotRetryable, begin_attempt, retryable_video
from cattube.processing.lifecycle.video_state import STATE_FIELDS
from cattube.processing.models import Abandonment, was_in_bucket
from cattube.processing.transloadit.client import EngineAway, EngineSilent, EngineUnreachable
from cattube.processing.transloadit.options import owner_name, video_fields
from cattube.processing.transloadit.replay import replay_assembly
from cattube.videos.models import Asset, Video
from cattube.videos.states import Status

log = logging.getLogger(__name__)
# Columns that `begin_attempt` changes.
_ATTEMPT_FIELDS = (*STATE_FIELDS, "attempt", "attempted_at", "folder", "assembly_id", "checked_at")
# Longer than the engine is waited for: whoever asks has died, if nothing has come of it by then.
MOST_TIME_TO_ASK = timedelta(minutes=1)


class FileNotKept(NotRetryable):
    def __init__(self) -> None:
        super().__init__("Its file is not kept any more. Upload it again.")


@dataclass(frozen=True)
class _Claim:
    """Video for which the engine is asked.

    before, assets: as they were. left: what the attempt before has left, to be cleared away once the new one
    goes on, or when nobody is there any more who asks. video: as it waits for the engine.
    """

    before: Video
    assets: list[Asset]
    left: Abandonment
    video: Video


def process_again(video_id: str, *, admit: Callable[[Video], None] = lambda _: None) -> None:
    """Have a failed video processed again. Raises NotFound, NotRetryable, EngineSilent, and as `admit`.

    admit: is asked last, with the video. Call outside of transactions: the engine is asked meanwhile, and
    writers must not wait for it. When it refuses, the video has failed as before.
    """
    claim = _claim(video_id, admit)
    video = claim.video
    fields = video_fields(
        video.pk, attempt=video.attempt, folder=video.folder, owner=owner_name(video.owner_id)
    )
    try:
        assembly_id = replay_assembly(claim.before.assembly_id, fields=fields)
    except EngineUnreachable as error:
        log.warning("The engine could not be asked to process %s again: %s", video_id, error)
        _take_back(claim, EngineSilent(), may_have_begun=not isinstance(error, EngineAway))
    else:
        if assembly_id is None:
            _take_back(claim, FileNotKept(), may_have_begun=False)
        else:
            _go_on(claim, assembly_id)


def _claim(video_id: str, admit: Callable[[Video], None]) -> _Claim:
    """Let the video wait for the engine: nobody else begins the same attempt."""
    with transaction.atomic():
        video = retryable_video(video_id)
        if video.status != Status.FAILED:
            raise NotRetryable("Only a video that failed can be processed again.")
        if not video.assembly_id or was_in_bucket(video):
            raise FileNotKept
        admit(video)
        claim = _Claim(
            before=copy(video),
            assets=list(video.assets.all()),
            left=abandon_attempt(video, at=timezone.now() + MOST_TIME_TO_ASK),
            video=video,
        )
        # From now on those on record are of the new attempt, whose report may come before the answer.
        video.assets.all().delete()
        begin_attempt(video)
        video.save(update_fields=_ATTEMPT_FIELDS)
    return claim


def _go_on(claim: _Claim, assembly_id: str) -> None:
    """Follow the new Assembly."""
    mine = _attempt(claim).filter(assembly_id="")
    # Its file has arrived: nobody is to wait for an upload.
    mine.update(assembly_id=assembly_id, status=Status.PROCESSING)
    _clear_away(claim.left)


def _take_back(claim: _Claim, refusal: SiteError, *, may_have_begun: bool) -> None:
    """Let the video be failed for the reason it was, and raise `refusal`; unless the attempt has gone on."""
    with transaction.atomic():
        current = _attempt(claim).select_for_update().first()
        waits = current is not None and current.status == Status.UPLOADING and not current.assembly_id
        if waits:
            _restore(claim, may_have_begun=may_have_begun)
    if current is None or waits:
        raise refusal
    # The engine has reported before it answered.
    _clear_away(claim.left)


def _restore(claim: _Claim, *, may_have_begun: bool) -> None:
    video = claim.video
    if may_have_begun:
        # Its reports are of no attempt then, and what it stores is deleted.
        defaults = {"folder": video.folder}
        Abandonment.objects.get_or_create(video_id=video.pk, attempt=video.attempt, defaults=defaults)
    claim.before.save(update_fields=_ATTEMPT_FIELDS)
    Asset.objects.bulk_create(claim.assets)
    claim.left.delete()


def _attempt(claim: _Claim) -> QuerySet[Video]:
    """The video, as long as nothing is uploaded anew."""
    return Video.objects.filter(pk=claim.video.pk, attempt=claim.video.attempt)


def _clear_away(left: Abandonment) -> None:
    left.abandoned_at = timezone.now()
    left.save(update_fields=["abandoned_at"])
    clean_up(left)
