"""Asking the engine about a video of which more may come."""

import logging
from dataclasses import replace
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from cattube.processing.lifecycle.apply import STATE_FIELDS, apply_report, set_state, state_of
from cattube.processing.lifecycle.error_messages import LOST
from cattube.processing.lifecycle.transition import state_after_failure
from cattube.processing.models import service_of
from cattube.processing.transloadit.client import EngineUnreachable, engine, internal_address, is_hosted
from cattube.processing.transloadit.status import BadReport, report_from
from cattube.storage.objects import StoreError
from cattube.videos.models import Video
from cattube.videos.states import UNFINISHED, Status

log = logging.getLogger(__name__)

# Until the whole file is there and its owner can watch it; other people's servers are not asked that often.
ARRIVING_PAUSE = timedelta(seconds=0.25)
SHORTEST_PAUSE = timedelta(seconds=1)
# Nobody waits for what still betters a video.
IMPROVING_PAUSE = timedelta(seconds=5)
# An engine that starts anew may not know an Assembly for a moment; after this it never will.
PATIENCE = timedelta(minutes=1)


def refresh(video: Video) -> bool:
    """Bring the record up to date with the engine; whether it was asked. Engine and database may be busy.

    At most one question a second per video, however many pages are watching it; fewer once it is ready, more
    while its owner waits for its last byte.
    """
    if video.is_settled or not video.assembly_id:
        return False
    try:
        if not _claim(video):
            return False
        ask(video)
    except EngineUnreachable as error:
        log.warning("The engine could not be asked about %s: %s", video.pk, error)
    except OperationalError as error:
        log.warning("The database is busy, %s stays as it was: %s", video.pk, error)
    return True


def ask(video: Video) -> None:
    """Ask about one video and bring in the answer. Raises EngineUnreachable."""
    service = service_of(video)
    status = engine(service).status(video.assembly_id)
    if status is None:
        _lose(video)
        return
    try:
        report = report_from(status)
    except BadReport as error:
        _disown(video, str(error))
        return
    if (report.assembly_id, report.video_id, report.attempt) != (video.assembly_id, video.pk, video.attempt):
        _disown(video, "it was signed for another video")
        return
    if service not in ("", internal_address()):
        # Pages know the way to the engine of the settings, and to no other.
        report = replace(report, growing_hls_url="")
    try:
        apply_report(report)
    except StoreError:
        log.exception("Unwanted objects of Assembly %s could not be removed", report.assembly_id)


def _claim(video: Video) -> bool:
    now = timezone.now()
    due = Q(checked_at=None) | Q(checked_at__lt=now - _pause(video))
    # As it was read: when it is something else by now, somebody has just asked.
    unchanged = Video.objects.filter(pk=video.pk, status=video.status, phase=video.phase)
    return bool(unchanged.filter(due).update(checked_at=now))


def _pause(video: Video) -> timedelta:
    if video.is_finished:
        return IMPROVING_PAUSE
    is_arriving = video.status == Status.UPLOADING or not (video.progress or video.original_url)
    return ARRIVING_PAUSE if is_arriving and not is_hosted(internal_address()) else SHORTEST_PAUSE


def _lose(video: Video) -> None:
    if timezone.now() - video.attempted_at < PATIENCE:
        return
    fail(video, LOST)


def fail(video: Video, error_code: str) -> None:
    """End the present attempt, unless a report has come in the meantime that says more.

    A video that can be watched stays as good as it is.
    """
    attempt = Video.objects.filter(pk=video.pk, attempt=video.attempt, assembly_id=video.assembly_id)
    with transaction.atomic():
        current = attempt.select_for_update().first()
        if current is None or current.is_settled:
            return
        set_state(current, state_after_failure(state_of(current), error_code))
        current.save(update_fields=STATE_FIELDS)
    log.warning("Nothing more comes of video %s (%s): %s", current.pk, current.status, error_code)


def _disown(video: Video, reason: str) -> None:
    """Forget an Assembly id that the owner's browser claimed and the engine does not confirm."""
    log.warning("Assembly %s does not belong to video %s: %s", video.assembly_id, video.pk, reason)
    claimed = Video.objects.filter(pk=video.pk, assembly_id=video.assembly_id, status__in=UNFINISHED)
    claimed.update(assembly_id="")
