"""Rounds in which captions in the making get on. The reconciler makes them, as nobody waits."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from cattube.captions.captionings import ask_for_captions
from cattube.captions.models import Captioning
from cattube.processing.captioning.ability import can_transcribe
from cattube.processing.captioning.automatic import next_videos
from cattube.processing.captioning.cancellation import cancel_if_possible
from cattube.processing.captioning.record import State, change, fail
from cattube.processing.captioning.steps import begin, poll, withdraw
from cattube.processing.transloadit.client import EngineAway, EngineUnreachable, UselessAnswer

log = logging.getLogger(__name__)
# At the engine at the same time: it does them one after another.
MOST_AT_WORK = 2
POLL_PAUSE = timedelta(seconds=3)
# Before one that the engine did not take is begun again.
WAIT_PAUSE = timedelta(minutes=1)
# About a day of asking without progress. Time in which the engine is away does not count.
MOST_TRIES = 9000
USELESS = "What the engine made is no file of captions: it is too large, or no text."
GIVEN_UP = "The engine did not get on with these captions for a day. Ask for them again."


def advance_captionings() -> int:
    """Ask about those at work, and begin the next ones. Returns how many rows were treated."""
    if settings.CAPTIONS == "off":
        return 0
    now = timezone.now()
    try:
        return _follow(now) + _begin_next(now)
    except EngineAway as error:
        log.warning("The engine does not answer, captions wait: %s", error)
        return 0


def _follow(now: datetime) -> int:
    """Ask about those at work. Raises EngineAway."""
    working = Captioning.objects.filter(state=State.WORKING).select_related("video")
    due = list(_longest_unasked(working, now - POLL_PAUSE))
    for captioning in due:
        _try(poll if captioning.video.trashed_at is None else withdraw, captioning)
    return len(due)


def _begin_next(now: datetime) -> int:
    """Begin as many as the engine has room for. Raises EngineAway."""
    room = max(0, MOST_AT_WORK - Captioning.objects.filter(state=State.WORKING).count())
    rows = Captioning.objects.filter(state=State.WAITING, video__trashed_at=None).select_related("video")
    waiting = list(_longest_unasked(rows, now - WAIT_PAUSE)[:room])
    videos = next_videos(room - len(waiting)) if settings.CAPTIONS == "auto" else []
    if not (waiting or videos) or not _can_begin():
        return 0
    begun = [*waiting, *(ask_for_captions(video) for video in videos)]
    for captioning in begun:
        _try(begin, captioning)
    return len(begun)


def _longest_unasked(rows: QuerySet[Captioning], since: datetime) -> QuerySet[Captioning]:
    """Those about which the engine was not asked since then."""
    due = rows.filter(Q(checked_at=None) | Q(checked_at__lte=since))
    return due.order_by(F("checked_at").asc(nulls_first=True), "asked_at")


def _can_begin() -> bool:
    """False when none of them can be made now. Raises EngineAway."""
    try:
        return can_transcribe()
    except EngineAway:
        raise
    except EngineUnreachable as error:
        log.warning("The engine does not tell how it is, captions wait: %s", error)
        return False


def _try(step: Callable[[Captioning], None], captioning: Captioning) -> None:
    """Take a step. Where it fails, others go on, and after a day there is an end. Raises EngineAway."""
    try:
        step(captioning)
    except EngineAway:
        raise
    except UselessAnswer as error:
        log.warning("The captions of %s are none: %s", captioning.video_id, error)
        fail(captioning, USELESS)
    except EngineUnreachable as error:
        log.warning("The captions of %s wait: %s", captioning.video_id, error)
    if not captioning.is_finished:
        change(captioning, tries=captioning.tries + 1)
    if captioning.tries >= MOST_TRIES and not captioning.is_finished:
        cancel_if_possible([captioning.assembly_id])
        fail(captioning, GIVEN_UP)
