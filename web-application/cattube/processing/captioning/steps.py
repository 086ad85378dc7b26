"""Steps of captions in the making: beginning them, asking how far they are, taking them."""

import logging
import uuid

from django.utils import timezone

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
from cattube.processing.captioning.record import State, change, fail, start_over, wait
from cattube.processing.captioning.results import language_of_result, save_result
from cattube.processing.transloadit.account import engine_account
from cattube.processing.transloadit.addresses import internal_address, is_hosted
from cattube.processing.transloadit.client import RATE_LIMITED, EngineUnreachable, engine_client
from cattube.processing.transloadit.options import owner_name
from cattube.videos.models import Asset

log = logging.getLogger(__name__)
ID_IS_USED = "DO_NOT_REUSE_ASSEMBLY_IDS"
NOTHING_SAID = "Nobody speaks in this video, or nothing could be understood."
LOST = "The engine does not know of these captions any more. Ask for them again."
NO_FILE = "The video's file is not there."


def begin(captioning: Captioning) -> None:
    """Have the engine begin. Raises EngineUnreachable; then it may have begun, or not."""
    asset = captioning.video.assets.filter(role=Asset.Role.WATERMARKED).first()
    if asset is None:
        fail(captioning, NO_FILE)
        return
    # Named beforehand, and again the same: however often it is asked for, it is made once.
    assembly_id = captioning.assembly_id or uuid.uuid4().hex
    is_mine = captioning.state == State.WAITING and change(
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
        wait(captioning)
        raise EngineUnreachable(f"HTTP {http_status} {answer.get('error', '')}")
    status = read_status(answer)
    if status.error_code and status.error_code != ID_IS_USED:
        fail(captioning, _sentence(status))


def poll(captioning: Captioning) -> None:
    """Ask how far it is, and take what was made. Raises EngineUnreachable."""
    change(captioning, checked_at=timezone.now())
    document = engine_client().status(captioning.assembly_id)
    status = read_status(document) if document else None
    if status is None:
        wait(captioning)
    elif status.error_code:
        _end_without(captioning, status)
    elif status.is_finished:
        _take(captioning, status)
    elif status.percent > captioning.percent:
        change(captioning, percent=status.percent, tries=0)


def withdraw(captioning: Captioning) -> None:
    """Stop the work on a video in the trash, until it is restored. Raises EngineUnreachable."""
    change(captioning, checked_at=timezone.now())
    engine_client().cancel(captioning.assembly_id)
    start_over(captioning)


def _end_without(captioning: Captioning, status: CaptioningStatus) -> None:
    """Fail, unless the engine cannot make any captions now. Raises EngineUnreachable."""
    if can_transcribe():
        fail(captioning, _sentence(status))
    else:
        start_over(captioning)


def _take(captioning: Captioning, status: CaptioningStatus) -> None:
    """Save what was made, as if it had been uploaded. Raises UselessAnswer, EngineUnreachable."""
    text = _text_at(status.url) if status.url else ""
    if text is None:
        fail(captioning, LOST)
        return
    language = language_of_result(status.language or captioning.language)
    try:
        save_result(captioning.video, language, text)
    except UnreadableCaptions as error:
        log.warning("The captions of %s could not be read: %s", captioning.video_id, error)
        fail(captioning, NOTHING_SAID)
    except SiteError as error:
        fail(captioning, str(error))
    else:
        change(captioning, state=State.DONE, percent=100, language=language)


def _text_at(url: str) -> str | None:
    """The file, or None when it is gone. Of several hosts, another than the one asked may have made it."""
    path = path_at_engine(url, is_hosted=is_hosted(internal_address()))
    return engine_client().text(path, at_most_bytes=MAX_FILE_BYTES, may_lie_elsewhere=True)


def _sentence(status: CaptioningStatus) -> str:
    return status.error_words or f"The engine could not make captions ({status.error_code})."
