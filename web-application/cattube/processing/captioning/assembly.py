"""Assembly that makes captions of a video: its params, and what its status says. Pure.

It is one of its own, beside that of the video. So no video waits for its captions, and captions can be had
of a video that has been there for years.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cattube.processing.transloadit.status.result_parser import number
from cattube.processing.transloadit.status.status_parser import error_code_of

IMPORT, TRANSCRIBE = "imported", "transcribed"
# Of the bucket, as the shipped template names them.
CREDENTIALS = "cattube"
# Our engine has one of its own; the hosted service wants to be told.
OWN_PROVIDER, HOSTED_PROVIDER = "auto", "aws"
UNKNOWN_LANGUAGE = "und"


@dataclass(frozen=True)
class CaptioningStatus:
    """How far it is. url: of the file that was made, once it is; None also when nothing was."""

    is_finished: bool
    percent: int = 0
    url: str | None = None
    language: str = ""
    error_code: str = ""
    error_words: str = ""


def assembly_params(*, object_key: str, language: str, is_hosted: bool, owner: str) -> dict[str, Any]:
    """Params without `auth`. language: what is spoken; "" to find out. owner: as in `upload_options`."""
    transcribe = {
        "robot": "/speech/transcribe",
        "use": IMPORT,
        "result": True,
        "provider": HOSTED_PROVIDER if is_hosted else OWN_PROVIDER,
        "format": "webvtt",
    }
    if language:
        transcribe["source_language"] = language
    import_step = {"robot": "/backblaze/import", "credentials": CREDENTIALS, "path": object_key}
    return {"steps": {IMPORT: import_step, TRANSCRIBE: transcribe}, "fields": {"owner": owner}}


def read_status(document: dict[str, Any]) -> CaptioningStatus:
    """What a status says, of which nothing is believed to have the right type."""
    if document.get("error") or document.get("ok") in ("ASSEMBLY_CANCELED", "REQUEST_ABORTED"):
        message = document.get("message")
        words = " ".join(message.split())[:400] if isinstance(message, str) else ""
        code = error_code_of(document.get("error") or document.get("ok"))
        return CaptioningStatus(is_finished=True, error_code=code, error_words=words.replace("\0", ""))
    if document.get("ok") != "ASSEMBLY_COMPLETED":
        percent = number(document.get("progress_combined")) or 0
        return CaptioningStatus(is_finished=False, percent=int(min(max(percent, 0), 99)))
    result = _first_result(document.get("results"))
    url, meta = result.get("ssl_url"), result.get("meta")
    language = meta.get("language") if isinstance(meta, dict) else ""
    return CaptioningStatus(
        is_finished=True,
        percent=100,
        url=url if isinstance(url, str) else None,
        language=language if isinstance(language, str) else "",
    )


def path_at_engine(url: str, *, is_hosted: bool) -> str:
    """Where the engine's client finds a result: of our engine a path, whatever name others reach it by."""
    parts = urlsplit(url)
    if is_hosted and parts.scheme == "https":
        return url
    return f"/{parts.path.lstrip('/')}" + (f"?{parts.query}" if parts.query else "")


def _first_result(results: Any) -> dict[str, Any]:
    files = results.get(TRANSCRIBE) if isinstance(results, dict) else None
    return files[0] if isinstance(files, list) and files and isinstance(files[0], dict) else {}
