"""The list of assemblies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select, true
from sqlalchemy.orm import Session

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
from cattube_worker.protocol.dates import list_date, status_date
from cattube_worker.protocol.list_params import AssemblyListParams
from cattube_worker.tus.concatenation import PARTIAL

EXPIRED = "ASSEMBLY_EXPIRED"
KINDS: dict[str, ColumnElement[bool]] = {
    "all": true(),
    "uploading": Assembly.state == UPLOADING,
    "executing": Assembly.state == EXECUTING,
    "canceled": Assembly.state == CANCELED,
    "completed": Assembly.state == COMPLETED,
    "failed": Assembly.state == FAILED,
    # A form that breaks off leaves no assembly here.
    "request_aborted": ~true(),
    "expired": Assembly.error_code == EXPIRED,
    "problematic": Assembly.state == FAILED,
    # What a replay may mend: its files had arrived.
    "fixable": and_(Assembly.state == FAILED, Assembly.error_code != EXPIRED),
}
SEARCHED = (Assembly.id, Assembly.params, Assembly.notify_url, Assembly.error_code, Assembly.error_message)


@dataclass(frozen=True, kw_only=True)
class ListedAssembly:
    """One line of the list, with the uploads it took."""

    assembly: Assembly
    uploads: Sequence[Upload]


def find_assemblies(session: Session, wanted: AssemblyListParams) -> tuple[int, list[ListedAssembly]]:
    """How many assemblies fit, and those of the page that was asked for."""
    condition = and_(*_conditions(wanted))
    count = session.scalar(select(func.count()).select_from(Assembly).where(condition)) or 0
    column = Assembly.ended_at if wanted.sort == "updated" else Assembly.created_at
    key = func.coalesce(column, Assembly.created_at)
    order = (key.asc(), Assembly.id.asc()) if wanted.order == "asc" else (key.desc(), Assembly.id.desc())
    query = select(Assembly).where(condition).order_by(*order).limit(wanted.pagesize).offset(wanted.offset)
    found = session.scalars(query).all()
    uploads = _uploads_of(session, [assembly.id for assembly in found])
    return count, [ListedAssembly(assembly=each, uploads=uploads.get(each.id, ())) for each in found]


def assembly_item(listed: ListedAssembly) -> dict[str, Any]:
    """One line of GET /assemblies. Here, unlike in the status, absent things are null."""
    assembly, uploads = listed.assembly, listed.uploads
    started, ended = assembly.execution_started_at, assembly.ended_at
    received = assembly.uploading_ended_at
    return {
        "id": assembly.id,
        "parent_id": assembly.parent_id,
        "account_id": None,
        "template_id": assembly.template_id,
        "template_name": assembly.template_name,
        "instance": urlsplit(assembly.base_url).netloc,
        "notify_url": assembly.notify_url,
        "redirect_url": json.loads(assembly.merged_params).get("redirect_url"),
        "files": json.dumps([each.filename for each in uploads], ensure_ascii=False) if uploads else None,
        "warning_count": len(assembly.warnings),
        "execution_duration": None if started is None or ended is None else round(ended - started, 3),
        "execution_start": None if started is None else status_date(started),
        "num_input_files": len(uploads),
        "bytes_usage": 0,
        "bytes_expected": sum(each.size_bytes or 0 for each in uploads),
        "bytes_received": sum(each.size_bytes or 0 for each in uploads if each.finished_at is not None),
        "upload_duration": 0 if received is None else round(received - assembly.created_at, 3),
        "ok": None if assembly.state == FAILED else OK[assembly.state][0],
        "error": assembly.error_code,
        "created": list_date(assembly.created_at),
        "created_ts": int(assembly.created_at),
    }


def _conditions(wanted: AssemblyListParams) -> list[ColumnElement[bool]]:
    conditions = [KINDS[wanted.type]]
    if wanted.fromdate is not None:
        conditions.append(Assembly.created_at >= wanted.fromdate)
    if wanted.todate is not None:
        # To the second, as the date is written.
        conditions.append(Assembly.created_at < wanted.todate + 1)
    if wanted.assembly_id is not None:
        conditions.append(Assembly.id == wanted.assembly_id)
    if wanted.template_id is not None:
        conditions.append(Assembly.template_id == wanted.template_id)
    if wanted.keywords:
        conditions.append(or_(*(_holds(keyword) for keyword in wanted.keywords)))
    return conditions


def _holds(keyword: str) -> ColumnElement[bool]:
    """Whether the keyword stands in one of the texts Transloadit looks in, or names a file."""
    texts = [column.icontains(keyword, autoescape=True) for column in SEARCHED]
    fields = cast(Assembly.fields, Text).icontains(keyword, autoescape=True)
    files = select(Upload.assembly_id).where(Upload.filename.icontains(keyword, autoescape=True))
    return or_(*texts, fields, Assembly.id.in_(files))


def _uploads_of(session: Session, assembly_ids: Sequence[str]) -> dict[str, list[Upload]]:
    uploads: dict[str, list[Upload]] = {}
    is_file = and_(Upload.assembly_id.in_(assembly_ids), Upload.concat != PARTIAL)
    query = select(Upload).where(is_file).order_by(Upload.place)
    for upload in session.scalars(query):
        uploads.setdefault(upload.assembly_id, []).append(upload)
    return uploads
