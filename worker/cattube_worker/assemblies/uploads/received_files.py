"""Files whose bytes are all there: from a form, from a single request, or from an earlier assembly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.model import Assembly, Upload
from cattube_worker.assemblies.uploads.uploads import find_awaiting_assembly


@dataclass(frozen=True, kw_only=True)
class ReceivedFile:
    """A file whose bytes lie where those of the upload `id` do. host: as of an Upload."""

    id: str
    filename: str
    fieldname: str
    size_bytes: int
    user_meta: Mapping[str, Any] = field(default_factory=dict)
    host: str | None = None

    @property
    def assembly_id(self) -> str:
        return self.id[:32]


def add_awaited_file(session: Session, file: ReceivedFile, *, now: float) -> None:
    """Make the file an upload of the assembly in its id, which waits for it.

    Raises AssemblyNotFound, AssemblySaturated, TooLarge.
    """
    assembly = find_awaiting_assembly(session, file.assembly_id, size_bytes=file.size_bytes)
    add_received_file(session, assembly, file, now=now)


def add_received_file(session: Session, assembly: Assembly, file: ReceivedFile, *, now: float) -> None:
    """Make the file a finished upload of the assembly."""
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
        host=file.host,
    )
    session.add(upload)
    session.flush()
    lifecycle.finish_upload(session, assembly, upload, now=now)
