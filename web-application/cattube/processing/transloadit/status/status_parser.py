"""Parser of the Assembly Status that an engine sends. Pure.

Everything is checked here once: no other module sees the JSON.
"""

import json
import re
from typing import Any, NoReturn

from cattube.processing.transloadit.status.assembly_status import (
    ASSEMBLY_ID,
    ERROR_CODE,
    UNKNOWN_FAILURE,
    WORKING,
    AssemblyStatus,
    InvalidStatus,
    Original,
    Phase,
    folders_of,
)
from cattube.processing.transloadit.status.result_parser import number, results_in, whole_number
from cattube.processing.webhook import BadWebhook, read_webhook
from cattube.storage.object_keys import FOLDER, name_of_folder
from cattube.videos.ids import PATTERN

VIDEO_ID = re.compile(PATTERN)
MAX_STEPS = 100
MAX_WORDS_CHARACTERS = 500
MAX_SMALL_INTEGER = 32767
WEB_ADDRESS = re.compile(r"https?://[!-~]{1,2000}")
VIDEO_TYPE = re.compile(r"video/[\w.+-]{1,90}", re.ASCII)
PHASES = {
    "ASSEMBLY_UPLOADING": Phase.UPLOADING,
    "ASSEMBLY_EXECUTING": Phase.PROCESSING,
    "ASSEMBLY_REPLAYING": Phase.PROCESSING,
    "ASSEMBLY_COMPLETED": Phase.COMPLETED,
    "ASSEMBLY_CANCELED": Phase.FAILED,
    "REQUEST_ABORTED": Phase.FAILED,
}
EXECUTION_PHASES = {
    phase.value: phase for phase in (Phase.QUEUED, Phase.HELD, Phase.STORING, Phase.IMPROVING)
}


def parse_status_text(text: str) -> AssemblyStatus:
    """Status in the JSON `text`. Raises InvalidStatus."""
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidStatus("The status is not JSON we can read.") from error
    return parse_status(document)


def parse_status(document: Any) -> AssemblyStatus:
    """Status in a parsed JSON document. Raises InvalidStatus."""
    if not isinstance(document, dict):
        raise InvalidStatus("The status is not a JSON object.")
    assembly_id = document.get("assembly_id")
    if not isinstance(assembly_id, str) or not ASSEMBLY_ID.fullmatch(assembly_id):
        raise InvalidStatus("The status has no assembly_id of 32 hex characters.")
    video_id, attempt, folder = _signed_fields(document.get("params"))
    phase, error_code = _phase(document)
    return AssemblyStatus(
        assembly_id=assembly_id,
        video_id=video_id,
        attempt=attempt,
        folder=folder,
        phase=phase,
        percent=_percent(document, phase),
        queue_position=_queue_position(document) if phase is Phase.QUEUED else None,
        original=_original(document.get("uploads")) if phase in WORKING else None,
        growing_hls_url=_live_preview(document.get("growing_hls_url"), assembly_id),
        error_code=error_code,
        error_words=_words(document.get("message")) if error_code else "",
        results=results_in(document.get("results"), folders_of(folder, assembly_id)),
        stored_steps=_stored_steps(document.get("merged_params")),
    )


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON number")


def _signed_fields(params: Any) -> tuple[str, int, str]:
    """Video, attempt and folder, from the text that we signed: the `fields` of a status are the uploader's.

    For a video that was imported from the bucket we have signed the address to report to, and its results
    lie in the folder of its own name.
    """
    try:
        document = json.loads(params)
        if "webhook" in document:
            return *read_webhook(document["webhook"]), _folder(name_of_folder(document["inputObject"]))
        fields = document["fields"]
        video_id, attempt, folder = fields["video"], fields["attempt"], fields.get("folder", "")
    except (TypeError, ValueError, KeyError, RecursionError, AttributeError, BadWebhook) as error:
        raise InvalidStatus("The signed params name no video of this site.") from error
    if not isinstance(video_id, str) or not VIDEO_ID.fullmatch(video_id):
        raise InvalidStatus("The signed params name no video of this site.")
    if not isinstance(attempt, int) or isinstance(attempt, bool) or not 1 <= attempt <= MAX_SMALL_INTEGER:
        raise InvalidStatus("The signed params have no attempt.")
    return video_id, attempt, _folder(folder)


def _folder(name: Any) -> str:
    """The name, if it is one that we give; else "", as in params of older versions."""
    return name if isinstance(name, str) and FOLDER.fullmatch(name) else ""


def _phase(document: dict[str, Any]) -> tuple[Phase, str]:
    error, ok = document.get("error"), document.get("ok")
    if error:
        return Phase.FAILED, error_code_of(error)
    phase = PHASES.get(ok) if isinstance(ok, str) else None
    if phase is None:
        raise InvalidStatus("The status has neither an error nor a known ok.")
    if phase is Phase.PROCESSING:
        execution = document.get("execution_phase")
        return EXECUTION_PHASES.get(execution, phase) if isinstance(execution, str) else phase, ""
    return phase, str(ok) if phase is Phase.FAILED else ""


def error_code_of(error: Any) -> str:
    """The code `error`, if it is spelled as one; else that of an unknown failure."""
    return error if isinstance(error, str) and ERROR_CODE.fullmatch(error) else UNKNOWN_FAILURE


def _words(message: Any) -> str:
    """The sentence `message` on one line, if it is short enough to be one for people."""
    words = " ".join(message.split()) if isinstance(message, str) else ""
    return words if len(words) <= MAX_WORDS_CHARACTERS and words.isprintable() else ""


def _queue_position(document: dict[str, Any]) -> int | None:
    position = whole_number(document.get("queue_position"))
    return min(position, MAX_SMALL_INTEGER) if position else None


def _percent(document: dict[str, Any], phase: Phase) -> int:
    if phase in WORKING:
        percent = number(document.get("progress_combined")) or 0
    else:
        received, expected = number(document.get("bytes_received")), number(document.get("bytes_expected"))
        percent = 100 * received / expected if received and expected else 0
    return int(min(percent, 100))


def _original(uploads: Any) -> Original | None:
    """Original of an Assembly with one file, which all of ours are; None unless its type is a video's."""
    if not isinstance(uploads, list) or len(uploads) != 1 or not isinstance(uploads[0], dict):
        return None
    url, mime = uploads[0].get("ssl_url"), uploads[0].get("mime")
    if not isinstance(url, str) or not isinstance(mime, str):
        return None
    is_video = WEB_ADDRESS.fullmatch(url) and VIDEO_TYPE.fullmatch(mime)
    return Original(url=url, content_type=mime) if is_video else None


def _live_preview(url: Any, assembly_id: str) -> str:
    """Playlist of the live preview, unless its address has the Assembly's id in it.

    Viewers are sent to what lies beside it, and whoever knows the id of an Assembly may cancel it. The
    engine's own permission in its query goes: it is another with each hour.
    """
    is_safe = isinstance(url, str) and WEB_ADDRESS.fullmatch(url) and assembly_id not in url
    return str(url).partition("?")[0] if is_safe else ""


def _stored_steps(merged_params: Any) -> tuple[str, ...]:
    try:
        steps = dict(json.loads(merged_params)["steps"])
        stores = [step for step in steps.values() if str(step.get("robot")).endswith("/store")]
        # A use has many forms; in each of them the names stand as they are.
        uses = json.dumps([store["use"] for store in stores])
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
        return ()
    return tuple(name for name in steps if json.dumps(name) in uses)[:MAX_STEPS]
