"""A file whose bytes are all here: it came with a form, from an address, or from an earlier assembly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.model import Assembly, Upload


@dataclass(frozen=True, kw_only=True)
class ReceivedFile:
    """Its bytes lie where an upload of this id keeps them."""

    id: str
    filename: str
    fieldname: str
    size_bytes: int
    user_meta: Mapping[str, Any] = field(default_factory=dict)


def add_received_file(session: Session, assembly: Assembly, file: ReceivedFile, *, now: float) -> None:
    """Make the file a finished upload of the assembly, and go on if it was the last one."""
    upload = Upload(
        id=file.id,
        assembly_id=assembly.id,
        place=repository.next_place(session, Upload, assembly.id),
        created_at=now,
        filename=file.filename,
        fieldname=file.fieldname,
        user_meta=dict(file.user_meta),
        size_bytes=file.size_bytes,
        is_tus=False,
    )
    session.add(upload)
    session.flush()
    lifecycle.finish_upload(session, assembly, upload, now=now)
