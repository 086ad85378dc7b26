"""Asking the engine about a video that is not finished."""

import logging
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from cattube.processing.apply import STATE_FIELDS, apply_report, set_state
from cattube.processing.engine import EngineUnreachable, engine
from cattube.processing.models import service_of
from cattube.processing.reasons import LOST
from cattube.processing.report import BadReport, report_from
from cattube.processing.transition import failed
from cattube.storage.objects import StoreError
from cattube.videos.models import Video
from cattube.videos.states import Status

log = logging.getLogger(__name__)

UNFINISHED = (Status.UPLOADING, Status.PROCESSING)
SHORTEST_PAUSE = timedelta(seconds=1)
# An engine that starts anew may not know an Assembly for a moment; after this it never will.
PATIENCE = timedelta(minutes=1)


def refresh(video: Video) -> bool:
    """Bring the record up to date with the engine; whether it was asked. Engine and database may be busy.

    At most one question a second per video, however many pages are watching it.
    """
    if video.is_finished or not video.assembly_id:
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
    status = engine(service_of(video)).status(video.assembly_id)
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
    try:
        apply_report(report)
    except StoreError:
        log.exception("Unwanted objects of Assembly %s could not be removed", report.assembly_id)


def _claim(video: Video) -> bool:
    now = timezone.now()
    due = Q(checked_at=None) | Q(checked_at__lt=now - SHORTEST_PAUSE)
    return bool(Video.objects.filter(due, pk=video.pk, status__in=UNFINISHED).update(checked_at=now))


def _lose(video: Video) -> None:
    if timezone.now() - video.attempted_at < PATIENCE:
        return
    fail(video, LOST)


def fail(video: Video, error_code: str) -> None:
    """End the present attempt, unless a report has ended it in the meantime."""
    with transaction.atomic():
        current = Video.objects.select_for_update().filter(pk=video.pk, attempt=video.attempt).first()
        if current is None or current.is_finished:
            return
        set_state(current, failed(error_code))
        current.save(update_fields=STATE_FIELDS)


def _disown(video: Video, reason: str) -> None:
    """Forget an Assembly id that the owner's browser claimed and the engine does not confirm."""
    log.warning("Assembly %s does not belong to video %s: %s", video.assembly_id, video.pk, reason)
    Video.objects.filter(pk=video.pk, assembly_id=video.assembly_id).update(assembly_id="")
