"""Parts of files, which clients send side by side (tus concatenation).

A part is not one of the assembly's files; the upload that is concatenated from parts is one.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.model import Assembly, Upload
from cattube_worker.assemblies.uploads.uploads import (
    AssemblySaturated,
    UploadRequest,
    find_awaiting_assembly,
    new_upload,
)
from cattube_worker.size_in_words import excess_in_words
from cattube_worker.tus.concatenation import MOST_PARTS, read_parts
from cattube_worker.tus.protocol import Forbidden, TusError, UploadGone

# Twice what the files need: a client that lost the addresses of its parts sends them anew.
SPARE_FACTOR = 2


def open_part(session: Session, request: UploadRequest, *, now: float) -> Upload:
    """A new part of one of the files that the assembly waits for.

    All parts together may be as large, and as many, as the missing files may be, SPARE_FACTOR times.
    Raises AssemblyNotFound, AssemblySaturated, TooLarge, TusError.
    """
    size_bytes = request.size_bytes
    if size_bytes is None:
        raise TusError("A part must say how long it is: send Upload-Length.")
    assembly = find_awaiting_assembly(session, request.assembly_id, size_bytes=size_bytes)
    missing = assembly.expected_uploads - len(repository.uploads_of(session, assembly.id))
    parts = repository.parts_of(session, assembly.id)
    total_bytes = _total_bytes(parts) + size_bytes
    most_bytes = assembly.max_size_bytes * missing * SPARE_FACTOR
    if total_bytes > most_bytes:
        raise AssemblySaturated(f"With this part, all parts have {excess_in_words(total_bytes, most_bytes)}.")
    if len(parts) >= (most_parts := MOST_PARTS * missing * SPARE_FACTOR):
        raise AssemblySaturated(f"{len(parts) + 1} parts are more than the {most_parts} allowed.")
    upload = new_upload(session, assembly, request, now=now)
    session.add(upload)
    return upload


def find_concatenated(session: Session, request: UploadRequest) -> Upload | None:
    """The upload made of these very parts before: the client may have missed the answer to that."""
    concat = {"assembly_id": request.assembly_id, "concat": request.concat}
    return session.scalar(select(Upload).filter_by(**concat).order_by(Upload.place).limit(1))


def find_parts(session: Session, request: UploadRequest) -> tuple[Assembly, Sequence[Upload]]:
    """(assembly that waits for the file, the file's parts in order, all complete).

    Raises AssemblyNotFound, AssemblySaturated, TooLarge, UploadGone, Forbidden, TusError.
    """
    parts = [_part(session, request, part_id) for part_id in read_parts(request.concat)]
    size_bytes = _total_bytes(parts)
    return find_awaiting_assembly(session, request.assembly_id, size_bytes=size_bytes), parts


def replace_parts(session: Session, request: UploadRequest, upload_id: str, *, now: float) -> Upload:
    """The finished upload in place of its parts. Raises as `find_parts`."""
    assembly, parts = find_parts(session, request)
    upload = new_upload(session, assembly, request, now=now)
    upload.id, upload.size_bytes = upload_id, _total_bytes(parts)
    for part in parts:
        session.delete(part)
    session.add(upload)
    session.flush()
    lifecycle.finish_upload(session, assembly, upload, now=now)
    return upload


def _total_bytes(parts: Sequence[Upload]) -> int:
    return sum(part.size_bytes or 0 for part in parts)


def _part(session: Session, request: UploadRequest, part_id: str) -> Upload:
    if not part_id.startswith(f"{request.assembly_id}_"):
        raise Forbidden("A part belongs to another assembly.")
    part = session.get(Upload, part_id)
    if part is None:
        raise UploadGone("There is no such part. It may have expired, been cancelled, or been joined before.")
    if not part.is_part:
        raise TusError("An upload that was not announced as a part cannot be joined with others.")
    if part.finished_at is None:
        raise TusError("A part is not complete yet. Join the parts when all have arrived.")
    return part
