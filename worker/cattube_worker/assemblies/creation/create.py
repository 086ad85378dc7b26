"""Create an assembly from a client's request."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from cattube_worker.assemblies import deliveries, lifecycle, repository
from cattube_worker.assemblies.creation import nonces
from cattube_worker.assemblies.creation.bounds import Bounds, FileBounds, check_files, check_rate, file_bounds
from cattube_worker.assemblies.model import UPLOADING, Assembly, StoredCredentials
from cattube_worker.assemblies.named_rows import find_row
from cattube_worker.assemblies.senders.sender import Sender, read_sender, wants_early_notifications
from cattube_worker.assemblies.templates import stored_templates
from cattube_worker.assemblies.templates.template import Template
from cattube_worker.assemblies.uploads.received_files import ReceivedFile, add_received_file
from cattube_worker.errors import BadRequest
from cattube_worker.instructions.compile import read_instructions
from cattube_worker.instructions.template_merge import merge
from cattube_worker.protocol.params.auth import unsigned
from cattube_worker.protocol.params.params import Params
from cattube_worker.queues.address import is_queue_reference
from cattube_worker.storage import UnknownCredentials

ASSEMBLY_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class CreateRequest:
    """Request for an assembly, its sender already authorized.

    assembly_id: 32 hex digits, of the client's choice or the engine's. base_url: where clients reach the
    engine. is_signed: by the account's secret, or covered by a token. network: of the client's address.
    """

    params: Params
    assembly_id: str
    base_url: str
    expected_uploads: int
    form_fields: Mapping[str, Any]
    files: Sequence[ReceivedFile] = ()
    client: str | None = None
    is_signed: bool = True
    network: str | None = None

    @property
    def sender(self) -> Sender:
        return read_sender(self.params.document, is_signed=self.is_signed, network=self.network)


def new_assembly_id() -> str:
    return uuid.uuid4().hex


def create(
    session: Session,
    request: CreateRequest,
    *,
    templates: Mapping[str, Template],
    own_credentials: Collection[str],
    bounds: Bounds,
    now: float,
) -> Assembly:
    """The new assembly, already executing if it waits for no uploads.

    own_credentials: names of the operator's credentials; clients store others.
    Raises BadRequest or StepError with Transloadit's code, UnknownCredentials, RateLimited when the engine
    takes no more.
    """
    template = _template(session, request, templates, now=now)
    merged = merge(template.content if template else {}, request.params.document)
    _check_credentials(session, _steps(merged), own_credentials)
    assembly = add_assembly(session, request, merged, template=template, bounds=bounds, now=now)
    if wants_early_notifications(request.params.document, is_signed=request.is_signed):
        deliveries.tell_created(session, assembly, now=now)
    nonces.use(session, request.params.auth)
    return assembly


def check(
    session: Session,
    request: CreateRequest,
    *,
    templates: Mapping[str, Template],
    own_credentials: Collection[str],
    bounds: Bounds,
    now: float,
) -> FileBounds:
    """Bounds of the files of an assembly that could be created now. Writes nothing; raises as `create`."""
    template = _find_template(session, request, templates)
    merged = merge(template.content if template else {}, request.params.document)
    _check_credentials(session, _steps(merged), own_credentials)
    _check_unused(session, request.assembly_id)
    check_rate(session, request.sender, bounds=bounds, now=now)
    nonces.check_unused(session, request.params.auth)
    return file_bounds(_object(merged, "auth"), bounds)


def add_assembly(
    session: Session,
    request: CreateRequest,
    merged: Mapping[str, Any],
    *,
    template: Template | None,
    bounds: Bounds,
    now: float,
    parent_id: str | None = None,
) -> Assembly:
    """The new assembly that follows `merged`.

    template: the one that `merged` came from. parent_id: of the assembly that this one replays.
    Raises as `create`.
    """
    allowed = file_bounds(_object(merged, "auth"), bounds)
    check_files(request.files, expected_uploads=request.expected_uploads, bounds=allowed)
    steps = _steps(merged)
    _check_unused(session, request.assembly_id)
    check_rate(session, request.sender, bounds=bounds, now=now)
    assembly = _row(
        request, merged, steps=steps, template=template, allowed=allowed, parent_id=parent_id, now=now
    )
    session.add(assembly)
    for file in request.files:
        add_received_file(session, assembly, file, now=now)
    lifecycle.advance(session, assembly, now=now)
    return assembly


def _row(
    request: CreateRequest,
    merged: Mapping[str, Any],
    *,
    steps: str,
    template: Template | None,
    allowed: FileBounds,
    parent_id: str | None,
    now: float,
) -> Assembly:
    sender = request.sender
    return Assembly(
        id=request.assembly_id,
        parent_id=parent_id,
        state=UPLOADING,
        created_at=now,
        base_url=request.base_url,
        auth_key=request.params.auth.key,
        is_signed=request.is_signed,
        owner=sender.owner,
        video=sender.video,
        network=sender.network,
        params=request.params.text,
        template_id=template.id if template else None,
        template_name=template.name if template else None,
        template=template.text if template else None,
        merged_params=json.dumps(merged, ensure_ascii=False),
        steps=steps,
        fields=_fields(request, merged),
        notify_url=read_notify_url(merged),
        transloadit_client=request.client,
        expected_uploads=request.expected_uploads + len(request.files),
        max_files=allowed.max_files,
        max_size_bytes=allowed.max_size_bytes,
        warnings=[],
        ignored_errors=[],
        error_details={},
    )


def _template(
    session: Session, request: CreateRequest, templates: Mapping[str, Template], *, now: float
) -> Template | None:
    template = _find_template(session, request, templates)
    if template is not None:
        stored_templates.mark_used(session, template, now=now)
    return template


def _find_template(
    session: Session, request: CreateRequest, templates: Mapping[str, Template]
) -> Template | None:
    template_id = request.params.document.get("template_id")
    if template_id is None:
        return None
    template = stored_templates.find(session, templates, template_id)
    if template.needs_signature and not request.is_signed:
        raise unsigned(request.params.auth)
    return template


def _steps(merged: Mapping[str, Any]) -> str:
    if merged.get("steps") is None:
        raise BadRequest("The request has neither steps nor a template with steps.", code="ASSEMBLY_NO_STEPS")
    text = json.dumps(merged["steps"], ensure_ascii=False)
    read_instructions(text)
    return text


def _check_credentials(session: Session, steps: str, own_credentials: Collection[str]) -> None:
    """Check that there are the credentials that steps name; names with variables in them are seen at work.

    Raises UnknownCredentials.
    """
    for step in read_instructions(steps).steps.values():
        name = getattr(step.params, "credentials", None)
        if name and name not in own_credentials and find_row(session, StoredCredentials, name) is None:
            raise UnknownCredentials(
                f'The step "{step.name}" names the credentials "{name}", which are not stored here. '
                f"Store them, or use one of {', '.join(sorted(own_credentials)) or 'none'}.",
                step=step.name,
            )


def _check_unused(session: Session, assembly_id: str) -> None:
    if repository.is_there(session, assembly_id):
        raise BadRequest("This assembly id was used before.", code="DO_NOT_REUSE_ASSEMBLY_IDS")


def _fields(request: CreateRequest, merged: Mapping[str, Any]) -> dict[str, Any]:
    """Values of `${fields.…}`: of the template, over them those of the form, over them what was signed.

    To Transloadit a form's own fields come last. But they are not signed: with a field `folder` of another's
    video an uploader could store into that video's folder (D47).
    """
    signed = _object(request.params.document, "fields") if request.is_signed else {}
    return {**_object(merged, "fields"), **request.form_fields, **signed}


def read_notify_url(merged: Mapping[str, Any]) -> str | None:
    """Address of the receiver of notifications; None without one. Raises BadRequest."""
    url = merged.get("notify_url")
    if url is None or (isinstance(url, str) and (re.match(r"https?://", url) or is_queue_reference(url))):
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
