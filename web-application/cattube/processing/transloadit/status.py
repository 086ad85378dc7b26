"""The engine's Assembly Status, read into what the site needs of it. Pure.

Everything is checked here once: the rest of the room never sees the JSON.
"""

import json
import math
import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, NoReturn

from cattube.errors import SiteError
from cattube.processing.webhook import BadWebhook, read_webhook
from cattube.storage.media_types import PLAYLIST, piece_type
from cattube.storage.object_keys import folder_of, key_in_url
from cattube.videos.ids import LENGTH
from cattube.videos.states import IMPROVING

ASSEMBLY_ID = re.compile(r"[0-9a-f]{32}")
VIDEO_ID = re.compile(rf"[A-Za-z0-9_-]{{{LENGTH}}}")
CODE = re.compile(r"[A-Z0-9_]{1,80}")
MAX_RESULTS = 200
MAX_STEPS = 100


class BadReport(SiteError):
    """Signed or not, this is no Assembly Status of one of our videos."""

    code, status = "INVALID_FORM_DATA", 400


class Phase(Enum):
    """What is being done. Hosted Transloadit does not tell waiting and storing from processing."""

    UPLOADING = "uploading"
    QUEUED = "queued"
    PROCESSING = "processing"
    STORING = "storing"
    IMPROVING = IMPROVING  # all that is needed to watch is stored
    COMPLETED = "completed"
    FAILED = "failed"


PHASES = {
    "ASSEMBLY_UPLOADING": Phase.UPLOADING,
    "ASSEMBLY_EXECUTING": Phase.PROCESSING,
    "ASSEMBLY_REPLAYING": Phase.PROCESSING,
    "ASSEMBLY_COMPLETED": Phase.COMPLETED,
    "ASSEMBLY_CANCELED": Phase.FAILED,
    "REQUEST_ABORTED": Phase.FAILED,
}
WORKING = (Phase.QUEUED, Phase.PROCESSING, Phase.STORING, Phase.IMPROVING)
EXECUTION_PHASES = {"queued": Phase.QUEUED, "storing": Phase.STORING, "improving": Phase.IMPROVING}
MAX_QUEUE_POSITION = 32767
WEB_ADDRESS = re.compile(r"https?://[!-~]{1,2000}")
VIDEO_TYPE = re.compile(r"video/[\w.+-]{1,90}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Result:
    """One stored object of an Assembly; role is the step that made it, without a leading colon.

    folder: of a playlist, what all the objects begin with that it names.
    """

    role: str
    object_key: str
    content_type: str
    size_bytes: int | None
    width: int | None
    height: int | None
    duration_seconds: float | None
    folder: str = ""


@dataclass(frozen=True, kw_only=True)
class Original:
    """The file as it arrived, while it is worked on. url: at the engine, with its own permission."""

    url: str
    content_type: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """Where an Assembly stands.

    percent: of the bytes while uploading, of the work afterwards. queue_position: 1 for the next; None when
    it is not queued, or nobody knows. growing_hls_url: of a playlist that shows what is encoded so far.
    error_code: set when it failed. stored_steps: whose files its instructions store, as far
    as they are told.
    """

    assembly_id: str
    video_id: str
    attempt: int
    phase: Phase
    percent: int = 0
    queue_position: int | None = None
    original: Original | None = None
    growing_hls_url: str = ""
    error_code: str = ""
    results: tuple[Result, ...] = ()
    stored_steps: tuple[str, ...] = ()

    @property
    def is_final(self) -> bool:
        return self.phase in (Phase.COMPLETED, Phase.FAILED)


def read_report(text: str) -> Report:
    """The report in the JSON `text`. Raises BadReport."""
    try:
        status = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadReport("The status is not JSON we can read.") from error
    return report_from(status)


def report_from(status: Any) -> Report:
    """The report in a parsed status. Raises BadReport."""
    if not isinstance(status, dict):
        raise BadReport("The status is not a JSON object.")
    assembly_id = status.get("assembly_id")
    if not isinstance(assembly_id, str) or not ASSEMBLY_ID.fullmatch(assembly_id):
        raise BadReport("The status has no assembly_id of 32 hex characters.")
    video_id, attempt = _signed_fields(status.get("params"))
    phase, error_code = _phase(status)
    return Report(
        assembly_id=assembly_id,
        video_id=video_id,
        attempt=attempt,
        phase=phase,
        percent=_percent(status, phase),
        queue_position=_queue_position(status) if phase is Phase.QUEUED else None,
        original=_original(status.get("uploads")) if phase in WORKING else None,
        growing_hls_url=_growing(status.get("growing_hls_url"), assembly_id),
        error_code=error_code,
        results=_results(status.get("results"), assembly_id),
        stored_steps=_stored_steps(status.get("merged_params")),
    )


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON number")


def _signed_fields(params: Any) -> tuple[str, int]:
    """Video and attempt, from the text that we signed and nowhere else: `status.fields` is the uploader's.

    Of a video that was taken from the bucket we have signed the address to report to.
    """
    try:
        document = json.loads(params)
        if "webhook" in document:
            return read_webhook(document["webhook"])
        video_id, attempt = document["fields"]["video"], document["fields"]["attempt"]
    except (TypeError, ValueError, KeyError, RecursionError, AttributeError, BadWebhook) as error:
        raise BadReport("The signed params name no video of this site.") from error
    if not isinstance(video_id, str) or not VIDEO_ID.fullmatch(video_id):
        raise BadReport("The signed params name no video of this site.")
    if not isinstance(attempt, int) or isinstance(attempt, bool) or not 1 <= attempt <= 32767:
        raise BadReport("The signed params have no attempt.")
    return video_id, attempt


def _phase(status: dict[str, Any]) -> tuple[Phase, str]:
    error, ok = status.get("error"), status.get("ok")
    if error:
        known = isinstance(error, str) and CODE.fullmatch(error)
        return Phase.FAILED, error if known else "INTERNAL_COMMAND_ERROR"
    phase = PHASES.get(ok) if isinstance(ok, str) else None
    if phase is None:
        raise BadReport("The status has neither an error nor a known ok.")
    if phase is Phase.PROCESSING:
        execution = status.get("execution_phase")
        return EXECUTION_PHASES.get(execution, phase) if isinstance(execution, str) else phase, ""
    return phase, str(ok) if phase is Phase.FAILED else ""


def _queue_position(status: dict[str, Any]) -> int | None:
    position = _whole(status.get("queue_position"))
    return min(position, MAX_QUEUE_POSITION) if position else None


def _percent(status: dict[str, Any], phase: Phase) -> int:
    if phase in WORKING:
        percent = _number(status.get("progress_combined")) or 0
    else:
        received, expected = _number(status.get("bytes_received")), _number(status.get("bytes_expected"))
        percent = 100 * received / expected if received and expected else 0
    return int(min(percent, 100))


def _original(uploads: Any) -> Original | None:
    """Of an Assembly with one file, which all of ours are; None unless it calls itself a video."""
    if not isinstance(uploads, list) or len(uploads) != 1 or not isinstance(uploads[0], dict):
        return None
    url, mime = uploads[0].get("ssl_url"), uploads[0].get("mime")
    if not isinstance(url, str) or not isinstance(mime, str):
        return None
    is_video = WEB_ADDRESS.fullmatch(url) and VIDEO_TYPE.fullmatch(mime)
    return Original(url=url, content_type=mime) if is_video else None


def _growing(url: Any, assembly_id: str) -> str:
    """Strangers see the address, and who knows the id of an Assembly may cancel it."""
    is_safe = isinstance(url, str) and WEB_ADDRESS.fullmatch(url) and assembly_id not in url
    return str(url) if is_safe else ""


def _stored_steps(merged_params: Any) -> tuple[str, ...]:
    try:
        steps = dict(json.loads(merged_params)["steps"])
        stores = [step for step in steps.values() if str(step.get("robot")).endswith("/store")]
        # A use has many forms; in each of them the names stand as they are.
        used = json.dumps([store["use"] for store in stores])
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
        return ()
    return tuple(name for name in steps if json.dumps(name) in used)[:MAX_STEPS]


def _results(steps: Any, assembly_id: str) -> tuple[Result, ...]:
    """Results that lie in our bucket; others, at URLs gone tomorrow, are of no use to a record."""
    if not isinstance(steps, dict):
        return ()
    stored = [
        _records([result for entry in found if (result := _result(step, entry, assembly_id))])
        for step, found in steps.items()
        if isinstance(found, list) and len(step) <= 100
    ]
    # Pieces of a stream come by the thousand, and before what names them: they must not crowd out the rest.
    return tuple(result for results in sorted(stored, key=len) for result in results)[:MAX_RESULTS]


def _records(results: list[Result]) -> list[Result]:
    """What of a step's results gets a record: all, but of a playlist and its pieces only the first to open.

    That is the one highest up, and the last such: renditions are written before what names them.
    """
    playlists = [result for result in results if piece_type(result.object_key) == PLAYLIST]
    if not playlists:
        return results
    master = min(reversed(playlists), key=lambda result: result.object_key.count("/"))
    return [replace(master, content_type=PLAYLIST, folder=folder_of(master.object_key))]


def _result(step: str, entry: Any, assembly_id: str) -> Result | None:
    if not isinstance(entry, dict):
        return None
    url = entry.get("ssl_url") or entry.get("url")
    key = key_in_url(url, step=step, assembly_id=assembly_id) if isinstance(url, str) else None
    if key is None:
        return None
    meta = entry["meta"] if isinstance(entry.get("meta"), dict) else {}
    mime = entry.get("mime")
    return Result(
        role=step.lstrip(":"),
        object_key=key,
        content_type=mime if isinstance(mime, str) and len(mime) <= 100 else "",
        size_bytes=_whole(entry.get("size")),
        width=_whole(meta.get("width")),
        height=_whole(meta.get("height")),
        duration_seconds=_number(meta.get("duration")),
    )


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 2**53 and math.isfinite(value) else None


def _whole(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number else None
