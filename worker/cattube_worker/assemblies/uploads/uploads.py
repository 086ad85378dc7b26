"""Uploads of an assembly: which ones it takes, and what follows the last byte."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.model import UPLOADING, Assembly, Upload
from cattube_worker.assemblies.uploads.original_file import original_id
from cattube_worker.protocol.file_names import clean_name
from cattube_worker.size_in_words import excess_in_words
from cattube_worker.tus.concatenation import FINAL
from cattube_worker.tus.metadata import UploadMetadata
from cattube_worker.tus.protocol import Forbidden, TooLarge, TusError, UploadGone


class WorkBegun(TusError):
    """The upload is complete, and its assembly works on it or has ended."""

    status = 409


class AssemblySaturated(TusError):
    """The assembly takes no (further) file."""

    code = "ASSEMBLY_SATURATED"


@dataclass(frozen=True, kw_only=True)
class UploadRequest:
    """Request for a new upload, as tus sends it before the bytes.

    metadata_header, concat: exactly as received, for HEAD gives them back.
    size_bytes: None while the length is deferred. host: as of an Upload.
    """

    metadata: UploadMetadata
    metadata_header: str
    size_bytes: int | None
    concat: str = ""
    host: str | None = None

    @property
    def assembly_id(self) -> str:
        return self.metadata.assembly_id


def new_upload_id(assembly_id: str) -> str:
    """An id that cannot be guessed: to know it is the permission to send."""
    return f"{assembly_id}_{secrets.token_hex(16)}"


def assembly_id_of(upload_id: str) -> str:
    """The id of the assembly that the upload belongs to, which its own begins with."""
    return upload_id.partition("_")[0]


def open_upload(session: Session, request: UploadRequest, *, now: float) -> Upload:
    """A new upload of the assembly in the request. Raises AssemblyNotFound, AssemblySaturated, TooLarge."""
    assembly = find_awaiting_assembly(session, request.assembly_id, size_bytes=request.size_bytes)
    upload = new_upload(session, assembly, request, now=now)
    session.add(upload)
    return upload


def new_upload(session: Session, assembly: Assembly, request: UploadRequest, *, now: float) -> Upload:
    """The row of a new upload, last in the order of its assembly; not added to the session yet."""
    metadata = request.metadata
    return Upload(
        id=new_upload_id(assembly.id),
        assembly_id=assembly.id,
        place=repository.next_place(session, Upload, assembly.id),
        created_at=now,
        filename=clean_name(metadata.filename),
        fieldname=metadata.fieldname,
        user_meta=dict(metadata.user_meta),
        metadata_header=request.metadata_header,
        concat=request.concat,
        size_bytes=request.size_bytes,
        is_tus=True,
        host=request.host,
    )


def find_unfinished_copies(session: Session, request: UploadRequest) -> Sequence[Upload]:
    """Unfinished uploads with the metadata and length of the request; none once the assembly has ended."""
    if repository.get(session, request.assembly_id).is_final:
        return []
    return [
        upload
        for upload in repository.uploads_of(session, request.assembly_id)
        if upload.finished_at is None
        and upload.metadata_header == request.metadata_header
        and upload.size_bytes == request.size_bytes
    ]


def find_upload(session: Session, upload_id: str) -> tuple[Upload, Assembly]:
    """The upload and its assembly. Raises UploadGone."""
    upload = session.get(Upload, upload_id)
    if upload is None:
        raise UploadGone("There is no such upload. It may have expired or been cancelled.")
    return upload, repository.get(session, upload.assembly_id)


def find_awaiting_assembly(session: Session, assembly_id: str, *, size_bytes: int | None) -> Assembly:
    """The assembly, which waits for one more file and allows this size.

    Raises AssemblyNotFound, AssemblySaturated, TooLarge.
    """
    assembly = repository.get(session, assembly_id)
    check_open(assembly)
    uploads = repository.uploads_of(session, assembly.id)
    if len(uploads) >= assembly.expected_uploads:
        raise AssemblySaturated(
            f"All {assembly.expected_uploads} files this assembly expects are on their way."
        )
    check_size(assembly, size_bytes)
    return assembly


def check_open(assembly: Assembly) -> None:
    """Check that the assembly has not ended. Raises AssemblySaturated."""
    if assembly.is_final:
        end = assembly.error_code or assembly.state
        raise AssemblySaturated(f"The assembly has ended ({end}); it takes no bytes.")


def check_accepts_bytes(upload: Upload) -> None:
    """Check that clients send to the upload: not to one made of parts. Raises Forbidden."""
    if upload.concat.startswith(FINAL):
        raise Forbidden("This upload was made of parts; it takes no bytes.")


def remove_upload(session: Session, upload_id: str, *, is_complete_too: bool) -> None:
    """Remove the upload with all that is known of its file; its assembly waits for another.

    is_complete_too: also one that is complete, as long as its assembly waits for others.
    Raises UploadGone, WorkBegun.
    """
    upload, assembly = find_upload(session, upload_id)
    is_waiting = is_complete_too and assembly.state == UPLOADING
    if upload.finished_at is not None and not upload.is_part and not is_waiting:
        raise WorkBegun("This upload is complete, and its assembly is at work. Cancel the assembly instead.")
    repository.remove_upload(session, upload, file_id=original_id(upload))


def check_size(assembly: Assembly, size_bytes: int | None) -> None:
    """Check a file's size against what its assembly allows. Raises TooLarge."""
    if size_bytes is not None and size_bytes > assembly.max_size_bytes:
        raise TooLarge(f"The file has {excess_in_words(size_bytes, assembly.max_size_bytes)}.")


def record_received(
    session: Session, upload_id: str, *, offset: int, size_bytes: int | None, now: float
) -> None:
    """Record a length that was deferred, and finish the upload once all its bytes are there."""
    upload, assembly = find_upload(session, upload_id)
    upload.size_bytes = size_bytes
    if size_bytes == offset:
        lifecycle.finish_upload(session, assembly, upload, now=now)
