"""Making an assembly of a request."""

from __future__ import annotations

import hashlib
import json
import math
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.model import UPLOADING, Assembly
from cattube_worker.assemblies.received_files import ReceivedFile, add_received_file
from cattube_worker.assemblies.templates import stored_templates
from cattube_worker.assemblies.templates.template import Template
from cattube_worker.errors import BadRequest, RateLimited
from cattube_worker.instructions.compile import read_instructions
from cattube_worker.instructions.template_merge import merge
from cattube_worker.protocol.params import Params, unsigned

ASSEMBLY_ID = re.compile(r"[0-9a-f]{32}")
MINUTE_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class CreateRequest:
    """What a client asks for, its authority already checked.

    assembly_id: 32 hex digits, of the client's choice or ours. base_url: how clients reach this engine.
    is_signed: by the account's secret, or vouched for by a token.
    """

    params: Params
    assembly_id: str
    base_url: str
    expected_uploads: int
    form_fields: Mapping[str, Any]
    files: Sequence[ReceivedFile] = ()
    client: str | None = None
    is_signed: bool = True


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How much this engine takes on at most. max_per_minute: of new assemblies; 0 is no bound."""

    max_files: int
    max_size_bytes: int
    max_waiting: int
    max_per_minute: int


def new_assembly_id() -> str:
    return uuid.uuid4().hex


def create(
    session: Session,
    request: CreateRequest,
    *,
    templates: Mapping[str, Template],
    bounds: Bounds,
    now: float,
) -> Assembly:
    """The new assembly, already under way if it waits for no uploads.

    Raises BadRequest or a StepError with the code that fits, RateLimited when the house is full.
    """
    template = _template(session, request, templates, now=now)
    merged = merge(template.content if template else {}, request.params.document)
    assembly = make(session, request, merged, template=template, bounds=bounds, now=now)
    _use_nonce(session, request)
    return assembly


def make(
    session: Session,
    request: CreateRequest,
    merged: Mapping[str, Any],
    *,
    template: Template | None,
    bounds: Bounds,
    now: float,
    parent_id: str | None = None,
) -> Assembly:
    """The new assembly that does what `merged` says. template: where that came from. Raises as `create`."""
    max_files, max_size_bytes = _allowed(merged, bounds)
    _check_files(request, max_files=max_files, max_size_bytes=max_size_bytes)
    steps = _steps(merged)
    _check_new(session, request, bounds=bounds, now=now)
    assembly = Assembly(
        id=request.assembly_id,
        parent_id=parent_id,
        state=UPLOADING,
        created_at=now,
        base_url=request.base_url,
        auth_key=request.params.auth.key,
        params=request.params.text,
        template_id=template.id if template else None,
        template_name=template.name if template else None,
        template=template.text if template else None,
        merged_params=json.dumps(merged, ensure_ascii=False),
        steps=steps,
        fields={**_object(merged, "fields"), **request.form_fields},
        notify_url=read_notify_url(merged),
        transloadit_client=request.client,
        expected_uploads=request.expected_uploads + len(request.files),
        max_files=max_files,
        max_size_bytes=max_size_bytes,
        warnings=[],
        ignored_errors=[],
        error_details={},
    )
    session.add(assembly)
    for file in request.files:
        add_received_file(session, assembly, file, now=now)
    lifecycle.advance(session, assembly, now=now)
    return assembly


def _template(
    session: Session, request: CreateRequest, templates: Mapping[str, Template], *, now: float
) -> Template | None:
    wanted = request.params.document.get("template_id")
    if wanted is None:
        return None
    template = stored_templates.find(session, templates, wanted)
    if template.wants_signature and not request.is_signed:
        raise unsigned(request.params.auth)
    stored_templates.mark_used(session, template, now=now)
    return template


def _steps(merged: Mapping[str, Any]) -> str:
    if merged.get("steps") is None:
        raise BadRequest("The request has neither steps nor a template with steps.", code="ASSEMBLY_NO_STEPS")
    text = json.dumps(merged["steps"], ensure_ascii=False)
    read_instructions(text)
    return text


def _allowed(merged: Mapping[str, Any], bounds: Bounds) -> tuple[int, int]:
    """How many files and how many bytes per file this assembly may take.

    A template's bounds count together with the request's: `merge` put one over the other.
    """
    auth = _object(merged, "auth")
    files, size = auth.get("max_number_of_files"), auth.get("max_size")
    return (
        min(bounds.max_files, int(files)) if files is not None else bounds.max_files,
        min(bounds.max_size_bytes, int(size)) if size is not None else bounds.max_size_bytes,
    )


def _check_files(request: CreateRequest, *, max_files: int, max_size_bytes: int) -> None:
    count = request.expected_uploads + len(request.files)
    if count > max_files:
        raise BadRequest(
            f"{count} files are more than the {max_files} allowed.", code="MAX_NUMBER_OF_FILES_EXCEEDED"
        )
    for file in request.files:
        if file.size_bytes > max_size_bytes:
            raise BadRequest(
                f"{file.filename} is larger than the {max_size_bytes} bytes allowed.",
                code="MAX_SIZE_EXCEEDED",
            )


def _check_new(session: Session, request: CreateRequest, *, bounds: Bounds, now: float) -> None:
    if session.get(Assembly, request.assembly_id) is not None:
        raise BadRequest("This assembly id was used before.", code="DO_NOT_REUSE_ASSEMBLY_IDS")
    if repository.count_uploading(session) >= bounds.max_waiting:
        raise RateLimited("Too many assemblies wait for their uploads. Try again later.")
    if bounds.max_per_minute:
        _check_pace(session, max_per_minute=bounds.max_per_minute, now=now)


def _check_pace(session: Session, *, max_per_minute: int, now: float) -> None:
    earlier = repository.created_at(session, nth_last=max_per_minute)
    if earlier is not None and earlier > now - MINUTE_SECONDS:
        seconds = math.ceil(earlier + MINUTE_SECONDS - now)
        raise RateLimited(
            f"More than {max_per_minute} assemblies in a minute. Try again in {seconds} seconds.",
            details={"info": {"retryIn": seconds}},
        )


def _use_nonce(session: Session, request: CreateRequest) -> None:
    auth = request.params.auth
    if auth.nonce is None or auth.expires is None:
        return
    digest = hashlib.sha256(json.dumps([auth.key, auth.nonce]).encode()).hexdigest()
    if not repository.use_nonce(session, digest, expires_at=auth.expires):
        raise BadRequest(
            "These params were used before. Sign new ones for every assembly.",
            code="SIGNATURE_REUSE_DETECTED",
        )


def read_notify_url(merged: Mapping[str, Any]) -> str | None:
    """Where to send the notification, if anywhere. Raises BadRequest."""
    url = merged.get("notify_url")
    if url is None or (isinstance(url, str) and re.match(r"https?://", url)):
        return url or None
    raise BadRequest(
        "notify_url must be an address that starts with http:// or https://.",
        code="ASSEMBLY_INVALID_NOTIFY_URL",
    )


def _object(merged: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = merged.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRequest(f"params.{name} is not an object.", code="INVALID_PARAMS_FIELD")
    return value
