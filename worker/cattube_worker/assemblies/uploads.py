"""Uploads as part of an assembly: who may send what, and what happens when the last byte is in."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.file_names import clean_name
from cattube_worker.assemblies.model import Assembly, Upload
from cattube_worker.assemblies.received import ReceivedFile, take_in
from cattube_worker.tus.metadata import UploadMetadata
from cattube_worker.tus.protocol import TooLarge, TusError, UploadGone


class Saturated(TusError):
    """The assembly takes no (further) file."""

    code = "ASSEMBLY_SATURATED"


def new_upload_id(assembly_id: str) -> str:
    """An id that cannot be guessed: to know it is the permission to send."""
    return f"{assembly_id}_{secrets.token_hex(16)}"


def open_upload(
    session: Session,
    metadata: UploadMetadata,
    *,
    metadata_header: str,
    size_bytes: int | None,
    now: float,
) -> Upload:
    """A new upload for the assembly that the metadata name.

    Raises AssemblyNotFound, Saturated, TooLarge.
    """
    assembly = check_awaited(session, metadata.assembly_id, size_bytes=size_bytes)
    upload = Upload(
        id=new_upload_id(assembly.id),
        assembly_id=assembly.id,
        place=repository.next_place(session, Upload, assembly.id),
        created_at=now,
        filename=clean_name(metadata.filename),
        fieldname=metadata.fieldname,
        user_meta=dict(metadata.user_meta),
        metadata_header=metadata_header,
        size_bytes=size_bytes,
        is_tus=True,
    )
    session.add(upload)
    return upload


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
    take_in(session, assembly, file, now=now)


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


def check_unfinished(upload: Upload) -> None:
    """Check that the upload may still be given up. Raises TusError."""
    if upload.finished_at is not None:
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
