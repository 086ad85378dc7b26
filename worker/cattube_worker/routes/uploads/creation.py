"""Creation of uploads: with or without the first bytes, or of parts that were sent before."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Response, request

from cattube_worker.assemblies.addresses import tus_url
from cattube_worker.assemblies.model import Upload
from cattube_worker.assemblies.uploads.uploads import UploadRequest
from cattube_worker.errors import AssemblyError, TryLater
from cattube_worker.execution.job_files.job_files import JobFiles
from cattube_worker.execution.uploads.concat_upload import concat_upload
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.routes.requests.client_address import holders_of
from cattube_worker.routes.services import service
from cattube_worker.routes.uploads.receiving import SLOT_ADVICE, receive
from cattube_worker.routes.uploads.upload import expiry
from cattube_worker.settings import Settings
from cattube_worker.size_in_words import excess_in_words
from cattube_worker.tus import protocol
from cattube_worker.tus.concatenation import FINAL, read_concat
from cattube_worker.tus.metadata import read_metadata

blueprint = Blueprint("creation", __name__)
# With their last slash or without: no client follows a redirection with the bytes of a file.
ALL, OWN = "/resumable/files/", "/assemblies/<hex32:assembly_id>/resumable/files/"


@blueprint.post(ALL, provide_automatic_options=False, strict_slashes=False)
@blueprint.post(OWN, provide_automatic_options=False, strict_slashes=False)
def create_upload(assembly_id: str | None = None) -> Response:
    """A new upload; with a body, its first bytes at once (creation-with-upload)."""
    uploads = service(Uploads)
    protocol.check_version(request.headers)
    upload_request = _announcement(assembly_id)
    if upload_request.concat.startswith(FINAL):
        with uploads.slot(holders_of(upload_request.assembly_id), SLOT_ADVICE):
            files = service(JobFiles)  # type: ignore[type-abstract]  # whichever keeps the promise
            upload = concat_upload(uploads, files, upload_request)
        return _created(uploads, upload, upload.size_bytes or 0)
    if request.content_length:
        protocol.check_content_type(request.headers)
    _check_max(upload_request.size_bytes)
    upload = uploads.create(upload_request)
    return _created(uploads, upload, _receive_first_bytes(uploads, upload))


def _announcement(assembly_id: str | None) -> UploadRequest:
    """The upload as the request describes it. assembly_id: from the address, if it has one.

    Raises TusError.
    """
    header, concat = request.headers.get("Upload-Metadata", ""), read_concat(request.headers)
    metadata = read_metadata(header, assembly_id=assembly_id)
    # The length of what is made of parts is theirs.
    size_bytes = None if concat.startswith(FINAL) else protocol.read_length(request.headers)
    return UploadRequest(
        metadata=metadata,
        metadata_header=header,
        size_bytes=size_bytes,
        concat=concat,
        host=service(Uploads).files.host,
    )


def _check_max(size_bytes: int | None) -> None:
    max_bytes = service(Settings).max_upload_bytes
    if size_bytes is not None and size_bytes > max_bytes:
        raise protocol.TooLarge(f"The file has {excess_in_words(size_bytes, max_bytes)}.")


def _created(uploads: Uploads, upload: Upload, offset: int) -> Response:
    base_url = uploads.find(upload.id)[1].base_url
    headers = {"Location": tus_url(base_url) + upload.id, "Upload-Offset": str(offset)}
    return Response(status=201, headers={**headers, **expiry(upload)})


def _receive_first_bytes(uploads: Uploads, upload: Upload) -> int:
    """Take in what came with the creation; the offset after it is returned.

    If that fails, the upload is abandoned: the client does not get its address, and must begin anew.
    """
    try:
        return _receive_body(uploads, upload)
    except AssemblyError:
        with suppress(protocol.TusError):  # Abandoned by others meanwhile, or complete after all.
            uploads.abandon(upload.id)
        raise


def _receive_body(uploads: Uploads, upload: Upload) -> int:
    if upload.size_bytes == 0:
        return uploads.record_received(upload, 0)
    if not request.content_length:
        return 0
    _, offset = receive(uploads, upload.id, 0)
    if offset < request.content_length:
        raise TryLater("The bytes broke off. Announce the upload again.")
    return offset
