"""Uploads as part of an assembly: who may send what, and what happens when the last byte is in."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.model import Assembly, Upload
from cattube_worker.assemblies.received_files import ReceivedFile, add_received_file
from cattube_worker.protocol.file_names import clean_name
from cattube_worker.tus.concatenation import FINAL
from cattube_worker.tus.metadata import UploadMetadata
from cattube_worker.tus.protocol import Forbidden, TooLarge, TusError, UploadGone


class Saturated(TusError):
    """The assembly takes no (further) file."""

    code = "ASSEMBLY_SATURATED"


def new_upload_id(assembly_id: str) -> str:
    """An id that cannot be guessed: to know it is the permission to send."""
    return f"{assembly_id}_{secrets.token_hex(16)}"


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """What a client says of an upload before the bytes come.

    metadata_header, concat: as received, for HEAD gives them back. size_bytes: None while it is deferred.
    """

    metadata: UploadMetadata
    metadata_header: str
    size_bytes: int | None
    concat: str = ""

    @property
    def assembly_id(self) -> str:
        return self.metadata.assembly_id


def open_upload(session: Session, announced: Announcement, *, now: float) -> Upload:
    """A new upload for the assembly that is meant. Raises AssemblyNotFound, Saturated, TooLarge."""
    assembly = check_awaited(session, announced.assembly_id, size_bytes=announced.size_bytes)
    upload = new_upload(session, assembly, announced, now=now)
    session.add(upload)
    return upload


def new_upload(session: Session, assembly: Assembly, announced: Announcement, *, now: float) -> Upload:
    """The row of an upload as it was announced, behind all others of the assembly; not added yet."""
    metadata = announced.metadata
    return Upload(
        id=new_upload_id(assembly.id),
        assembly_id=assembly.id,
        place=repository.next_place(session, Upload, assembly.id),
        created_at=now,
        filename=clean_name(metadata.filename),
        fieldname=metadata.fieldname,
        user_meta=dict(metadata.user_meta),
        metadata_header=announced.metadata_header,
        concat=announced.concat,
        size_bytes=announced.size_bytes,
        is_tus=True,
    )


def find_twins(session: Session, announced: Announcement) -> Sequence[Upload]:
    """Unfinished uploads that were announced in the very same words, for an assembly that still waits."""
    if repository.get(session, announced.assembly_id).is_final:
        return []
    same = (announced.metadata_header, announced.size_bytes)
    uploads = repository.uploads_of(session, announced.assembly_id)
    return [
        each
        for each in uploads
        if each.finished_at is None and (each.metadata_header, each.size_bytes) == same
    ]


def check_awaited(session: Session, assembly_id: str, *, size_bytes: int | None) -> Assembly:
    """The assembly, which waits for one more file of this size.

    Raises AssemblyNotFound, Saturated, TooLarge.
    """
    assembly = repository.get(session, assembly_id)
    check_open(assembly)
    uploads = repository.uploads_of(session, assembly.id)
    if len(uploads) >= assembly.expected_uploads:
        raise Saturated(f"All {assembly.expected_uploads} files this assembly expects are on their way.")
    check_size(assembly, size_bytes)
    return assembly


def add_whole(session: Session, file: ReceivedFile, *, now: float) -> None:
    """One more file of an assembly, all of whose bytes lie where uploads lie.

    Raises AssemblyNotFound, Saturated, TooLarge.
    """
    assembly = check_awaited(session, file.id[:32], size_bytes=file.size_bytes)
    add_received_file(session, assembly, file, now=now)


def find_upload(session: Session, upload_id: str) -> tuple[Upload, Assembly]:
    """The upload and its assembly. Raises UploadGone."""
    upload = session.get(Upload, upload_id)
    if upload is None:
        raise UploadGone("There is no such upload. It may have expired or been cancelled.")
    return upload, repository.get(session, upload.assembly_id)


def check_open(assembly: Assembly) -> None:
    """Check that the assembly still waits for bytes. Raises Saturated."""
    if assembly.is_final:
        end = assembly.error_code or assembly.state
        raise Saturated(f"The assembly has ended ({end}); it takes no bytes.")


def check_takes_bytes(upload: Upload) -> None:
    """Check that the upload is one that is sent to: not one that was made of parts. Raises Forbidden."""
    if upload.concat.startswith(FINAL):
        raise Forbidden("This upload was made of parts; it takes no bytes.")


def check_may_go(upload: Upload) -> None:
    """Check that the upload may still be given up. Raises TusError."""
    if upload.finished_at is not None and not upload.is_part:
        raise TusError("This upload is complete and belongs to its assembly. Cancel the assembly instead.")


def check_size(assembly: Assembly, size_bytes: int | None) -> None:
    """Check a file's announced size against what its assembly allows. Raises TooLarge."""
    if size_bytes is not None and size_bytes > assembly.max_size_bytes:
        raise TooLarge(f"{size_bytes} bytes are more than the {assembly.max_size_bytes} allowed.")


def settle(session: Session, upload_id: str, *, offset: int, size_bytes: int | None, now: float) -> None:
    """Record what is known after bytes came: a late size, and the end of the upload."""
    upload, assembly = find_upload(session, upload_id)
    upload.size_bytes = size_bytes
    if size_bytes == offset:
        lifecycle.finish_upload(session, assembly, upload, now=now)
