"""Captions in the making, brought forward step by step. The reconciler does it, as nobody waits for them."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from cattube.captions.captionings import ask_for_captions
from cattube.captions.formats.errors import MAX_FILE_BYTES, UnreadableCaptions
from cattube.captions.models import Captioning
from cattube.errors import SiteError
from cattube.processing.captioning.ability import can_transcribe
from cattube.processing.captioning.assembly import (
    CaptioningStatus,
    assembly_params,
    path_at_engine,
    read_status,
)
from cattube.processing.captioning.automatic import next_videos
from cattube.processing.captioning.cancellation import cancel_if_possible
from cattube.processing.captioning.results import language_of_result, save_result
from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.addresses import internal_address, is_hosted
from cattube.processing.transloadit.client import (
    RATE_LIMITED,
    EngineAway,
    EngineUnreachable,
    UselessAnswer,
    engine_client,
)
from cattube.processing.transloadit.options import owner_name
from cattube.videos.models import Asset

log = logging.getLogger(__name__)
# At the engine at the same time: it does them one after another.
MOST_AT_WORK = 2
POLL_PAUSE = timedelta(seconds=3)
# Before one that the engine did not take is begun again.
WAIT_PAUSE = timedelta(minutes=1)
# About a day of asking without progress. Time in which the engine is away does not count.
MOST_TRIES = 9000
ID_IS_USED = "DO_NOT_REUSE_ASSEMBLY_IDS"
NOTHING_SAID = "Nobody speaks in this video, or nothing could be understood."
LOST = "The engine does not know of these captions any more. Ask for them again."
NO_FILE = "The video's file is not there."
USELESS = "What the engine made is no file of captions: it is too large, or no text."
GIVEN_UP = "The engine did not get on with these captions for a day. Ask for them again."

State = Captioning.State


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
        _try(_poll if captioning.video.trashed_at is None else _withdraw, captioning)
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
        _try(_begin, captioning)
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
        _fail(captioning, USELESS)
    except EngineUnreachable as error:
        log.warning("The captions of %s wait: %s", captioning.video_id, error)
    if not captioning.is_finished:
        _change(captioning, tries=captioning.tries + 1)
    if captioning.tries >= MOST_TRIES and not captioning.is_finished:
        cancel_if_possible(captioning.assembly_id)
        _fail(captioning, GIVEN_UP)


def _begin(captioning: Captioning) -> None:
    """Have the engine begin. Raises EngineUnreachable; then it may have begun, or not."""
    asset = captioning.video.assets.filter(role=Asset.Role.WATERMARKED).first()
    if asset is None:
        _fail(captioning, NO_FILE)
        return
    # Named beforehand, and again the same: however often it is asked for, it is made once.
    assembly_id = captioning.assembly_id or uuid.uuid4().hex
    is_mine = captioning.state == State.WAITING and _change(
        captioning,
        state=State.WORKING,
        assembly_id=assembly_id,
        checked_at=timezone.now(),
    )
    if is_mine:
        _create(captioning, asset.object_key)


def _create(captioning: Captioning, object_key: str) -> None:
    """Create the Assembly that the captioning names. Raises EngineUnreachable."""
    params = assembly_params(
        object_key=object_key,
        language=captioning.language,
        is_hosted=is_hosted(internal_address()),
        owner=owner_name(captioning.video.owner_id),
    )
    signed = engine_account().signed_request(timezone.now(), **params)
    fields = {**signed, "num_expected_upload_files": "0"}
    path = f"/assemblies/{captioning.assembly_id}"
    http_status, answer = engine_client().request("POST", path, fields=fields)
    is_refused = isinstance(answer.get("error"), str) and answer["error"] not in RATE_LIMITED
    is_there = answer.get("assembly_id") == captioning.assembly_id
    if http_status >= 500 or http_status == 429 or not (is_refused or is_there):
        _wait(captioning)
        raise EngineUnreachable(f"HTTP {http_status} {answer.get('error', '')}")
    status = read_status(answer)
    if status.error_code and status.error_code != ID_IS_USED:
        _fail(captioning, _sentence(status))


def _poll(captioning: Captioning) -> None:
    """Ask how far it is, and take what was made. Raises EngineUnreachable."""
    _change(captioning, checked_at=timezone.now())
    document = engine_client().status(captioning.assembly_id)
    status = read_status(document) if document else None
    if status is None:
        _wait(captioning)
    elif status.error_code:
        _end_without(captioning, status)
    elif status.is_finished:
        _take(captioning, status)
    elif status.percent > captioning.percent:
        _change(captioning, percent=status.percent, tries=0)


def _withdraw(captioning: Captioning) -> None:
    """Stop the work on a video in the trash, until it is restored. Raises EngineUnreachable."""
    _change(captioning, checked_at=timezone.now())
    engine_client().cancel(captioning.assembly_id)
    _start_over(captioning)


def _end_without(captioning: Captioning, status: CaptioningStatus) -> None:
    """Fail, unless the engine cannot make any captions now. Raises EngineUnreachable."""
    if can_transcribe():
        _fail(captioning, _sentence(status))
    else:
        _start_over(captioning)


def _wait(captioning: Captioning) -> None:
    """Begin it again later, as the same Assembly."""
    _change(captioning, state=State.WAITING, checked_at=timezone.now())


def _start_over(captioning: Captioning) -> None:
    """Begin it again later, as another Assembly."""
    _change(captioning, state=State.WAITING, assembly_id="", percent=0, tries=0)


def _take(captioning: Captioning, status: CaptioningStatus) -> None:
    """Save what was made, as if it had been uploaded. Raises UselessAnswer, EngineUnreachable."""
    text = _text_at(status.url) if status.url else ""
    if text is None:
        _fail(captioning, LOST)
        return
    language = language_of_result(status.language or captioning.language)
    try:
        save_result(captioning.video, language, text)
    except UnreadableCaptions as error:
        log.warning("The captions of %s could not be read: %s", captioning.video_id, error)
        _fail(captioning, NOTHING_SAID)
    except SiteError as error:
        _fail(captioning, str(error))
    else:
        _change(captioning, state=State.DONE, percent=100, language=language)


def _text_at(url: str) -> str | None:
    """The file, or None when it is gone. Of several hosts, another than the one asked may have made it."""
    path = path_at_engine(url, is_hosted=is_hosted(internal_address()))
    return engine_client().text(path, at_most_bytes=MAX_FILE_BYTES, may_lie_elsewhere=True)


def _sentence(status: CaptioningStatus) -> str:
    return status.error_words or f"The engine could not make captions ({status.error_code})."


def _fail(captioning: Captioning, error: str) -> None:
    _change(captioning, state=State.FAILED, error=error[:500])


def _change(captioning: Captioning, **values: object) -> bool:
    """Only if it is still that wish: it may have been withdrawn with its video, or asked for anew."""
    rows = Captioning.objects.filter(pk=captioning.pk, asked_at=captioning.asked_at, state=captioning.state)
    if not rows.update(**values):
        return False
    for name, value in values.items():
        setattr(captioning, name, value)
    return True
