"""Captions in the making, brought forward step by step. The reconciler does it, as nobody waits for them."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cattube.captions.captionings import ask_for_captions
from cattube.captions.formats.errors import MAX_FILE_BYTES, UnreadableCaptions
from cattube.captions.formats.reading import read_captions
from cattube.captions.formats.timed_text import TimedText
from cattube.captions.languages import normal_language
from cattube.captions.models import Captioning, CaptionTrack, Source
from cattube.captions.tracks import Condition, save_track
from cattube.errors import InvalidFields, SiteError
from cattube.processing.captioning.assembly import (
    UNKNOWN_LANGUAGE,
    CaptioningStatus,
    assembly_params,
    path_at_engine,
    read_status,
)
from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.addresses import internal_address, is_hosted
from cattube.processing.transloadit.client import EngineUnreachable, engine_client
from cattube.processing.transloadit.options import owner_name
from cattube.processing.transloadit.status import ASSEMBLY_ID
from cattube.videos.models import Asset, Video
from cattube.videos.states import Status

log = logging.getLogger(__name__)
# At the engine at the same time: it does them one after another.
MOST_AT_WORK = 2
POLL_PAUSE = timedelta(seconds=3)
NOTHING_SAID = "Nobody speaks in this video, or nothing could be understood."
LOST = "The engine does not know of these captions any more. Ask for them again."
NO_FILE = "The video's file is not there."

State = Captioning.State


class WrittenAlready(SiteError):
    code, status = "WRITTEN_ALREADY", 409

    def __init__(self, track: CaptionTrack) -> None:
        super().__init__(f"There are captions in {track.label} already. They stay as they are.")


def advance_captionings() -> int:
    """Ask about those at work, and begin the next ones. Returns how many rows were treated."""
    if settings.CAPTIONS == "off":
        return 0
    try:
        return _advance(timezone.now())
    except EngineUnreachable as error:
        log.warning("The engine does not answer, captions wait: %s", error)
        return 0


def _advance(now: datetime) -> int:
    working = Captioning.objects.filter(state=State.WORKING).select_related("video")
    due = list(working.filter(Q(checked_at=None) | Q(checked_at__lte=now - POLL_PAUSE)))
    for captioning in due:
        Captioning.objects.filter(pk=captioning.pk).update(checked_at=now)
        _poll(captioning)
    room = MOST_AT_WORK - working.count()
    if room > 0 and settings.CAPTIONS == "auto":
        _ask_for_next(room)
    waiting = Captioning.objects.filter(state=State.WAITING, video__trashed_at=None).select_related("video")
    begun = list(waiting.order_by("asked_at")[: max(room, 0)])
    for captioning in begun:
        _begin(captioning)
    return len(due) + len(begun)


def _ask_for_next(count: int) -> None:
    """With CAPTIONS=auto: the newest videos that have no captions, and of which nobody has asked for any."""
    if Captioning.objects.filter(state=State.WAITING).exists():
        return
    mine = {"video": OuterRef("pk")}
    videos = Video.objects.filter(
        ~Exists(CaptionTrack.objects.filter(**mine)),
        ~Exists(Captioning.objects.filter(**mine)),
        status=Status.READY,
        trashed_at=None,
    )
    for video in videos.order_by("-uploaded_at", "-id")[:count]:
        ask_for_captions(video)


def _begin(captioning: Captioning) -> None:
    """Have the engine begin. Raises EngineUnreachable."""
    asset = captioning.video.assets.filter(role=Asset.Role.WATERMARKED).first()
    if asset is None:
        _fail(captioning, NO_FILE)
        return
    params = assembly_params(
        object_key=asset.object_key,
        language=captioning.language,
        is_hosted=is_hosted(internal_address()),
        owner=owner_name(captioning.video.owner_id),
    )
    signed = engine_account().signed_request(timezone.now(), **params)
    fields = {**signed, "num_expected_upload_files": "0"}
    http_status, answer = engine_client().request("POST", "/assemblies", fields=fields)
    assembly_id = answer.get("assembly_id")
    if http_status >= 500 or http_status == 429 or (http_status < 400 and not isinstance(assembly_id, str)):
        raise EngineUnreachable(f"HTTP {http_status} {answer.get('error', '')}")
    status = read_status(answer)
    if status.error_code or not ASSEMBLY_ID.fullmatch(str(assembly_id)):
        _fail(captioning, _sentence(status))
        return
    _change(captioning, state=State.WORKING, assembly_id=assembly_id, checked_at=timezone.now())


def _poll(captioning: Captioning) -> None:
    """Ask how far it is, and take what was made. Raises EngineUnreachable."""
    document = engine_client().status(captioning.assembly_id)
    status = read_status(document) if document else None
    if status is None:
        _fail(captioning, LOST)
    elif status.error_code:
        _fail(captioning, _sentence(status))
    elif not status.is_finished:
        _change(captioning, percent=status.percent)
    else:
        _take(captioning, status)


def _take(captioning: Captioning, status: CaptioningStatus) -> None:
    """Save what was made, as if it had been uploaded. Raises EngineUnreachable."""
    text = _text_at(status.url) if status.url else ""
    if text is None:
        _fail(captioning, LOST)
        return
    language = _language(status.language or captioning.language)
    try:
        _save(captioning.video, language, read_captions(text.encode(), is_webvtt=True))
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


def _save(video: Video, language: str, cues: list[TimedText]) -> None:
    """Save them, unless people have written some: those are never replaced. Raises SiteError."""
    track = CaptionTrack.objects.filter(video=video, language=language).first()
    if track and track.source == Source.UPLOADED:
        raise WrittenAlready(track)
    # Somebody may write some at this moment.
    condition = Condition(etags=[track.etag]) if track else Condition(is_new=True)
    save_track(video, language, cues, source=Source.AUTOMATIC, condition=condition)


def _language(name: str) -> str:
    try:
        return normal_language(name)
    except InvalidFields:
        return UNKNOWN_LANGUAGE


def _sentence(status: CaptioningStatus) -> str:
    return status.error_words or f"The engine could not make captions ({status.error_code})."


def _fail(captioning: Captioning, error: str) -> None:
    _change(captioning, state=State.FAILED, error=error[:500])


def _change(captioning: Captioning, **values: object) -> None:
    """Only if it is still that wish: it may have been withdrawn with its video, or asked for anew."""
    rows = Captioning.objects.filter(pk=captioning.pk, asked_at=captioning.asked_at, state=captioning.state)
    rows.update(**values)
