"""Polling the engine about a video of which more may come."""

import logging
from dataclasses import replace
from datetime import timedelta

from django.db import OperationalError
from django.db.models import Q
from django.utils import timezone

from cattube.processing.lifecycle.apply import apply_answer
from cattube.processing.lifecycle.assembly_search import search_when_due
from cattube.processing.lifecycle.error_messages import LOST
from cattube.processing.lifecycle.failure import fail
from cattube.processing.models import service_of, was_in_bucket
from cattube.processing.queue_settings import announcement_queue
from cattube.processing.transloadit.addresses import internal_address, is_hosted
from cattube.processing.transloadit.client import EngineUnreachable, engine_client
from cattube.processing.transloadit.status.assembly_status import InvalidStatus, Phase
from cattube.processing.transloadit.status.status_parser import parse_status
from cattube.videos.models import Video
from cattube.videos.states import UNFINISHED, Status

log = logging.getLogger(__name__)

# Until the whole file is there and its owner can watch it; other people's servers are not asked that often.
ARRIVING_PAUSE = timedelta(seconds=0.25)
# Until there is something to watch for everybody, which is a matter of a second or two.
BEGINNING_PAUSE = timedelta(seconds=0.1)
# By then a video would have a live preview: what is copied, say, never has one.
LATEST_PREVIEW_PERCENT = 10
LATEST_PREVIEW = timedelta(seconds=15)
SHORTEST_PAUSE = timedelta(seconds=1)
# Nobody waits for the other qualities of a video that is ready.
IMPROVING_PAUSE = timedelta(seconds=5)
# An engine that restarts may not know an Assembly for a moment; after this it never will.
UNKNOWN_GRACE = timedelta(minutes=1)
QUEUED_GRACE = timedelta(hours=24)


def refresh(video: Video) -> bool:
    """Bring the record up to date with the engine; True when it was asked. Engine and database may be busy.

    At most one question a second per video, however many pages are watching it; fewer once it is ready, more
    until there is something to watch.
    """
    if video.is_settled:
        return False
    try:
        if not video.assembly_id:
            return search_when_due(video)
        if not _is_due(video) or not _claim(video):
            return False
        poll(video)
    except EngineUnreachable as error:
        log.warning("The engine could not be asked about %s: %s", video.pk, error)
    except OperationalError as error:
        log.warning("The database is busy, %s stays as it was: %s", video.pk, error)
    return True


def may_get_live_preview(video: Video) -> bool:
    """True while our own engine's encoder has just begun, so that it is worth asking all the time."""
    if is_hosted(internal_address()) or video.phase != Phase.PROCESSING.value or video.growing_hls_url:
        return False
    began_at = video.pace_since
    is_young = began_at is not None and timezone.now() - began_at < LATEST_PREVIEW
    return is_young and video.progress < LATEST_PREVIEW_PERCENT


def poll(video: Video) -> None:
    """Ask about one video and apply the answer. Raises EngineUnreachable."""
    service = service_of(video)
    document = engine_client(service).status(video.assembly_id)
    if document is None:
        _fail_unknown(video)
        return
    try:
        report = parse_status(document)
    except InvalidStatus as error:
        _forget_assembly(video, str(error))
        return
    if (report.assembly_id, report.video_id, report.attempt) != (video.assembly_id, video.pk, video.attempt):
        _forget_assembly(video, "it was signed for another video")
        return
    if service not in ("", internal_address()):
        # Pages reach the engine of the settings, and no other.
        report = replace(report, growing_hls_url="")
    apply_answer(report)


def _is_due(video: Video) -> bool:
    """True when nobody has asked for a while, as the record was read: only then is it worth a write."""
    return video.checked_at is None or video.checked_at < timezone.now() - _pause(video)


def _claim(video: Video) -> bool:
    """True when this process may ask now; no other one does until the pause is over."""
    now = timezone.now()
    due = Q(checked_at=None) | Q(checked_at__lt=now - _pause(video))
    # As it was read: when it is something else by now, somebody has just asked.
    unchanged = Video.objects.filter(pk=video.pk, status=video.status, phase=video.phase)
    return bool(unchanged.filter(due).update(checked_at=now))


def _pause(video: Video) -> timedelta:
    if video.is_finished:
        return IMPROVING_PAUSE
    if is_hosted(internal_address()):
        return SHORTEST_PAUSE
    if may_get_live_preview(video):
        return BEGINNING_PAUSE
    is_arriving = video.status == Status.UPLOADING or not (video.progress or video.original_url)
    return ARRIVING_PAUSE if is_arriving else SHORTEST_PAUSE


def _fail_unknown(video: Video) -> None:
    """Fail a video whose Assembly the engine does not know, once it has had time to restart.

    One that was announced by a queue may still wait there.
    """
    grace = QUEUED_GRACE if announcement_queue() and was_in_bucket(video) else UNKNOWN_GRACE
    if timezone.now() - video.attempted_at >= grace:
        fail(video, LOST)


def _forget_assembly(video: Video, reason: str) -> None:
    """Forget an Assembly id that the owner's browser claimed and the engine does not confirm."""
    log.warning("Assembly %s does not belong to video %s: %s", video.assembly_id, video.pk, reason)
    claimed = Video.objects.filter(pk=video.pk, assembly_id=video.assembly_id, status__in=UNFINISHED)
    claimed.update(assembly_id="")
