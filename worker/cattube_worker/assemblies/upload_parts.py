"""Files sent in parts side by side. A part is none of the assembly's files; what is made of them is one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.model import Assembly, Upload
from cattube_worker.assemblies.uploads import Announcement, Saturated, check_awaited, new_upload
from cattube_worker.tus.concatenation import MOST_PARTS, read_parts
from cattube_worker.tus.protocol import Forbidden, TusError, UploadGone

# As much again as a whole upload needs: a client that lost the addresses of its parts sends them anew.
SPARE_FACTOR = 2


def open_part(session: Session, announced: Announcement, *, now: float) -> Upload:
    """A new part of one of the files the assembly waits for.

    What all parts together may take is bounded by what the missing files may.
    Raises AssemblyNotFound, Saturated, TooLarge, TusError.
    """
    size_bytes = announced.size_bytes
    if size_bytes is None:
        raise TusError("A part must say how long it is: send Upload-Length.")
    assembly = check_awaited(session, announced.assembly_id, size_bytes=size_bytes)
    missing = assembly.expected_uploads - len(repository.uploads_of(session, assembly.id))
    parts = repository.parts_of(session, assembly.id)
    together_bytes = sum(part.size_bytes or 0 for part in parts) + size_bytes
    is_too_much = together_bytes > assembly.max_size_bytes * missing * SPARE_FACTOR
    if is_too_much or len(parts) >= MOST_PARTS * missing * SPARE_FACTOR:
        raise Saturated("The assembly holds as many parts as the files it expects can have.")
    upload = new_upload(session, assembly, announced, now=now)
    session.add(upload)
    return upload


def find_joined(session: Session, announced: Announcement) -> Upload | None:
    """What was made of these very parts before: the answer to that may have been lost."""
    same = {"assembly_id": announced.assembly_id, "concat": announced.concat}
    return session.scalar(select(Upload).filter_by(**same).order_by(Upload.place).limit(1))


def find_parts(session: Session, announced: Announcement) -> tuple[Assembly, Sequence[Upload]]:
    """The assembly, which waits for the file, and the file's parts in order, all of them whole.

    Raises AssemblyNotFound, Saturated, TooLarge, UploadGone, Forbidden, TusError.
    """
    parts = [_part(session, announced, part_id) for part_id in read_parts(announced.concat)]
    size_bytes = sum(part.size_bytes or 0 for part in parts)
    return check_awaited(session, announced.assembly_id, size_bytes=size_bytes), parts


def replace_parts(session: Session, announced: Announcement, upload_id: str, *, now: float) -> Upload:
    """The upload that its parts became; its bytes are here. Raises as `find_parts`."""
    assembly, parts = find_parts(session, announced)
    upload = new_upload(session, assembly, announced, now=now)
    upload.id, upload.size_bytes = upload_id, sum(part.size_bytes or 0 for part in parts)
    for part in parts:
        session.delete(part)
    session.add(upload)
    session.flush()
    lifecycle.finish_upload(session, assembly, upload, now=now)
    return upload


def _part(session: Session, announced: Announcement, part_id: str) -> Upload:
    if not part_id.startswith(f"{announced.assembly_id}_"):
        raise Forbidden("A part belongs to another assembly.")
    part = session.get(Upload, part_id)
    if part is None:
        raise UploadGone("There is no such part. It may have expired, been cancelled, or been joined before.")
    if not part.is_part:
        raise TusError("An upload that was not announced as a part cannot be joined with others.")
    if part.finished_at is None:
        raise TusError("A part is not complete yet. Join the parts when all have arrived.")
    return part
