"""Requests of POST /videos: an object of the bucket is processed, and a webhook gets the outcome. Pure."""

from __future__ import annotations

import hmac
import json
import re
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cattube_worker.errors import AssemblyError, BadRequest
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.steps import Step
from cattube_worker.queues.address import is_queue_reference
from cattube_worker.robots import ROBOTS
from cattube_worker.storage.object_keys import is_safe

IMPORT_STEP = "imported"
_ORIGINAL = ":original"
_LONGEST_URL = 2000
_FOLDER = re.compile(r"[A-Za-z0-9_-]{1,100}")
_ASSEMBLY_ID = re.compile(r"[0-9a-f]{32}")


class NotAuthorized(AssemblyError):
    """The request carries no token, or another one."""

    code, status = "SERVER_401", 401


@dataclass(frozen=True, kw_only=True)
class VideoRequest:
    """Body of a request. input_key: the object to process. webhook: gets the outcome.

    output_folder: second name in the keys of the objects that are made. Without one of the client's it is
    random: a key is public, and the id of an assembly opens it (D45).
    assembly_id: of the assembly. A request that comes again with the same id makes no other.
    """

    input_key: str
    webhook: str
    output_folder: str = field(default_factory=lambda: secrets.token_hex(16))
    assembly_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def text(self) -> str:
        """The request as JSON, stored as the params of its assembly."""
        return json.dumps({"inputObject": self.input_key, "webhook": self.webhook}, ensure_ascii=False)

    @property
    def fields(self) -> dict[str, str]:
        """Values of the template's `${fields.…}`."""
        return {"folder": self.output_folder}


def check_token(header: str | None, *, token: str, allow_anonymous: bool) -> bool:
    """Check an Authorization header against the shared token, and tell if there was one.

    Raises NotAuthorized.
    """
    if header is None and allow_anonymous:
        return False
    sent = (header or "").removeprefix("Bearer ").strip()
    if not token or not hmac.compare_digest(sent.encode(), token.encode()):
        raise NotAuthorized("This needs the header Authorization: Bearer, with the token of VIDEOS_TOKEN.")
    return True


def read_video_request(document: object) -> VideoRequest:
    """The request in a JSON body. Raises BadRequest."""
    if not isinstance(document, dict):
        raise BadRequest("Send a JSON object with inputObject and webhook.")
    key, webhook = document.get("inputObject"), document.get("webhook")
    if not isinstance(key, str) or not is_safe(key):
        raise BadRequest("inputObject must be the key of an object in the bucket.")
    if not isinstance(webhook, str) or not _is_receiver(webhook):
        raise BadRequest("webhook must be an address that starts with http:// or https://.")
    return VideoRequest(input_key=key, webhook=webhook, **_chosen_names(document))


def _chosen_names(document: Mapping[str, Any]) -> dict[str, str]:
    """Names that the client has chosen, by fields of VideoRequest. Raises BadRequest."""
    folder, assembly_id = document.get("outputFolder"), document.get("assemblyId")
    names = {}
    if folder is not None:
        if not isinstance(folder, str) or not _FOLDER.fullmatch(folder):
            raise BadRequest("outputFolder must be up to 100 letters, digits, - and _.")
        names["output_folder"] = folder
    if assembly_id is not None:
        if not isinstance(assembly_id, str) or not _ASSEMBLY_ID.fullmatch(assembly_id):
            raise BadRequest("assemblyId must be 32 digits of a hexadecimal number, in lower case.")
        names["assembly_id"] = assembly_id
    return names


def steps_for(request: VideoRequest, steps: Mapping[str, Any], *, credentials: str) -> dict[str, Any]:
    """A template's steps with an import of the object in place of the upload.

    The object is in the bucket already, so store steps do not take it; one that takes nothing else is left
    out.
    """
    imported: dict[str, Any] = {
        IMPORT_STEP: {
            "robot": "/s3/import",
            "credentials": credentials,
            "path": request.input_key,
            "interpolate": False,  # a key that looks like a variable is a key all the same
        }
    }
    for name, step in steps.items():
        use = _use(step.get("use", _ORIGINAL), is_store=_is_store(step["robot"]))
        if name != _ORIGINAL and use != []:
            imported[name] = {**step, "use": use}
    return imported


def is_video_request(params: str) -> bool:
    """True when an assembly's params are those of POST /videos: all others have an "auth"."""
    document = json.loads(params)
    return "inputObject" in document and "auth" not in document


def video_notification(
    status: Mapping[str, Any], files: Sequence[AssemblyFile], steps: Mapping[str, Step]
) -> dict[str, Any]:
    """Body of the webhook's notification about an assembly that has ended.

    outputObject, thumbnail: keys of the last video stored, and of the last still (else the last image), batch
    steps not counted; null after a failure.
    """
    request = json.loads(str(status["params"]))
    if status.get("ok") != "ASSEMBLY_COMPLETED":
        reason = {"error": status.get("error") or status.get("ok"), "message": status.get("message")}
        return {"status": "failed", **_objects(request, None, None), **reason}
    awaited_files = [file for file in files if file.object_key and not steps[file.step].params.is_batch]
    stills = [file for file in awaited_files if steps[file.step].params.makes_stills]
    pictures = stills or [file for file in awaited_files if file.type == "image"]
    videos = [file for file in awaited_files if file.type == "video"]
    return {"status": "success", **_objects(request, _last_key(videos), _last_key(pictures))}


def _objects(request: Mapping[str, Any], output_key: str | None, thumbnail_key: str | None) -> dict[str, Any]:
    return {"inputObject": request["inputObject"], "outputObject": output_key, "thumbnail": thumbnail_key}


def _last_key(files: Sequence[AssemblyFile]) -> str | None:
    return files[-1].object_key if files else None


def _is_store(name: str) -> bool:
    robot = ROBOTS.get(name)
    return robot is not None and robot.passes_through


def _use(use: Any, *, is_store: bool) -> Any:
    """The "use" of a step with the import for the upload, or without it for a store step."""
    if use == _ORIGINAL:
        return [] if is_store else IMPORT_STEP
    if isinstance(use, list):
        return [_use(entry, is_store=is_store) for entry in use if not (is_store and entry == _ORIGINAL)]
    if isinstance(use, dict):
        return {
            key: _use(value, is_store=is_store) if key in {"steps", "name"} else value
            for key, value in use.items()
        }
    return use


def _is_receiver(url: str) -> bool:
    """True for an address that may be reported to: of HTTP, or the reference of a queue."""
    is_text = url.isascii() and url.isprintable() and " " not in url and len(url) <= _LONGEST_URL
    return is_text and (is_queue_reference(url) or _is_http_url(url))


def _is_http_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
