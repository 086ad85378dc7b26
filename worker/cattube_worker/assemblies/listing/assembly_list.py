"""The list of assemblies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from cattube_worker.assemblies.listing.conditions import contains_keyword, created_within
from cattube_worker.assemblies.model import (
    CANCELED,
    COMPLETED,
    EXECUTING,
    FAILED,
    UPLOADING,
    Assembly,
    Upload,
)
from cattube_worker.assemblies.status.document import OK
from cattube_worker.protocol.dates import rfc3339_date, seconds_between
from cattube_worker.protocol.params.list_params import AssemblyListParams
from cattube_worker.tus.concatenation import PARTIAL

EXPIRED = "ASSEMBLY_EXPIRED"
TYPE_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "all": true(),
    "uploading": Assembly.state == UPLOADING,
    "executing": Assembly.state == EXECUTING,
    "canceled": Assembly.state == CANCELED,
    "completed": Assembly.state == COMPLETED,
    "failed": Assembly.state == FAILED,
    # A form that breaks off leaves no assembly in this engine.
    "request_aborted": ~true(),
    "expired": Assembly.error_code == EXPIRED,
    "problematic": Assembly.state == FAILED,
    # A replay may succeed: the files had arrived.
    "fixable": and_(Assembly.state == FAILED, Assembly.error_code != EXPIRED),
}
SEARCHED = (
    Assembly.id,
    Assembly.params,
    Assembly.notify_url,
    Assembly.error_code,
    Assembly.error_message,
    cast(Assembly.fields, Text),
)


@dataclass(frozen=True, kw_only=True)
class ListedAssembly:
    """An item of the list, with the uploads of the assembly."""

    assembly: Assembly
    uploads: Sequence[Upload]


def find_assemblies(session: Session, params: AssemblyListParams) -> tuple[int, list[ListedAssembly]]:
    """(count of all that match, assemblies of the page)."""
    condition = and_(*_conditions(params))
    count = session.scalar(select(func.count()).select_from(Assembly).where(condition)) or 0
    column = Assembly.ended_at if params.sort == "updated" else Assembly.created_at
    key = func.coalesce(column, Assembly.created_at)
    order = (key.asc(), Assembly.id.asc()) if params.order == "asc" else (key.desc(), Assembly.id.desc())
    query = select(Assembly).where(condition).order_by(*order).limit(params.pagesize).offset(params.offset)
    assemblies = session.scalars(query).all()
    uploads = _uploads_of(session, [assembly.id for assembly in assemblies])
    return count, [ListedAssembly(assembly=row, uploads=uploads.get(row.id, ())) for row in assemblies]


def assembly_item(listed: ListedAssembly) -> dict[str, Any]:
    """An item of GET /assemblies. Absent values are null here, unlike in the status.

    Dates are RFC 3339, which is all that the Go SDK reads in this list.
    """
    assembly, uploads = listed.assembly, listed.uploads
    started, received = assembly.execution_started_at, assembly.uploading_ended_at
    names = [upload.filename for upload in uploads]
    return {
        "id": assembly.id,
        "parent_id": assembly.parent_id,
        "account_id": None,
        "template_id": assembly.template_id,
        "template_name": assembly.template_name,
        "instance": urlsplit(assembly.base_url).netloc,
        "notify_url": assembly.notify_url,
        "redirect_url": json.loads(assembly.merged_params).get("redirect_url"),
        "files": json.dumps(names, ensure_ascii=False) if names else None,
        "warning_count": len(assembly.warnings),
        "execution_duration": seconds_between(started, assembly.ended_at),
        "execution_start": None if started is None else rfc3339_date(started),
        "num_input_files": len(uploads),
        "bytes_usage": 0,
        "bytes_expected": sum(upload.size_bytes or 0 for upload in uploads),
        "bytes_received": sum(upload.size_bytes or 0 for upload in uploads if upload.finished_at is not None),
        "upload_duration": 0 if received is None else seconds_between(assembly.created_at, received),
        "ok": None if assembly.state == FAILED else OK[assembly.state][0],
        "error": assembly.error_code,
        "created": rfc3339_date(assembly.created_at),
        "created_ts": int(assembly.created_at),
    }


def _conditions(params: AssemblyListParams) -> Iterator[ColumnElement[bool]]:
    yield TYPE_CONDITIONS[params.type]
    yield from created_within(Assembly.created_at, params)
    if params.assembly_id is not None:
        yield Assembly.id == params.assembly_id
    if params.template_id is not None:
        yield Assembly.template_id == params.template_id
    if params.keywords:
        yield or_(contains_keyword(SEARCHED, params.keywords), _has_file_named(params.keywords, params))


def _has_file_named(keywords: Sequence[str], params: AssemblyListParams) -> ColumnElement[bool]:
    """Condition that holds for assemblies with an upload whose name contains one of the keywords.

    Only names of the dates in `params` are read: most uploads are older than what is looked for.
    """
    # Another Assembly than the list's own, or the condition would be about each of its rows.
    owner = aliased(Assembly)
    uploads = select(Upload.assembly_id).join(owner, owner.id == Upload.assembly_id)
    recent = uploads.where(*created_within(owner.created_at, params))
    return Assembly.id.in_(recent.where(contains_keyword([Upload.filename], keywords)))


def _uploads_of(session: Session, assembly_ids: Sequence[str]) -> dict[str, list[Upload]]:
    """Uploads by assembly, without the parts of files."""
    uploads: dict[str, list[Upload]] = {}
    is_file = and_(Upload.assembly_id.in_(assembly_ids), Upload.concat != PARTIAL)
    query = select(Upload).where(is_file).order_by(Upload.place)
    for upload in session.scalars(query):
        uploads.setdefault(upload.assembly_id, []).append(upload)
    return uploads
