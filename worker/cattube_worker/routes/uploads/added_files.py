"""Files that a client uploaded elsewhere and tells us the address of: Uppy's importFromUploadURLs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, jsonify, request

from cattube_worker.assemblies.model import Assembly
from cattube_worker.assemblies.uploads.received_files import ReceivedFile, add_awaited_file
from cattube_worker.assemblies.uploads.uploads import find_awaiting_assembly, new_upload_id
from cattube_worker.database import Database
from cattube_worker.errors import BadRequest
from cattube_worker.execution.signals import Signals
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.protocol.file_names import clean_name
from cattube_worker.routes.requests.client_address import holders_of
from cattube_worker.routes.services import now, service
from cattube_worker.settings import Settings


class NotSigned(BadRequest):
    """The assembly was made without a signature."""

    code = "NO_SIGNATURE_FIELD"


blueprint = Blueprint("added_files", __name__)
# A thread of the server waits for as long.
FETCH_SECONDS = 15 * 60.0
ONE = "/assemblies/<hex32:assembly_id>"


@blueprint.post(f"{ONE}/reserve_file")
def reserve_file(assembly_id: str) -> Response:
    """Check that the assembly is going to take a file of this size.

    Nothing is set aside: the client said at the start how many files there are going to be.
    """
    with service(Database).read() as session:
        find_awaiting_assembly(session, assembly_id, size_bytes=_size())
    return jsonify(ok="ASSEMBLY_FILE_RESERVED", message="The file is expected.", assembly_id=assembly_id)


@blueprint.post(f"{ONE}/add_file")
def add_file(assembly_id: str) -> Response:
    """Fetch a file for the assembly; answered when it is here.

    The id is the permission of whoever asks, and the signature under the assembly that of the account: an
    assembly that anybody could make does not send the engine anywhere.
    """
    database, url = service(Database), request.values.get("s3Url", "")
    if not url:
        raise BadRequest("Name the address of the file: s3Url.")
    with database.read() as session:
        assembly = find_awaiting_assembly(session, assembly_id, size_bytes=_size())
    if not assembly.is_signed:
        raise NotSigned("Files are fetched for signed Assemblies alone. Sign it, or send the bytes by tus.")
    with _downloaded(url, assembly) as (upload_id, size_bytes):
        file = ReceivedFile(
            id=upload_id,
            filename=clean_name(request.values.get("filename", "")),
            fieldname=request.values.get("fieldname") or "file",
            size_bytes=size_bytes,
            host=service(Uploads).files.host,
        )
        with database.write() as session:
            add_awaited_file(session, file, now=now())
    service(Signals).publish(assembly_id)
    return jsonify(ok="ASSEMBLY_FILE_ACCEPTED", message="The file was added.", assembly_id=assembly_id)


@contextmanager
def _downloaded(url: str, assembly: Assembly) -> Iterator[tuple[str, int]]:
    """The id and size of a new upload with what lies at `url`; removed again if the block raises."""
    # Imported when needed: an idle engine does without it.
    from cattube_worker.outbound.http import Outbound
    from cattube_worker.outbound.trusted_hosts import TrustedHosts

    uploads, upload_id = service(Uploads), new_upload_id(assembly.id)
    holders = holders_of(assembly.id)
    with uploads.fetch_slot(holders, "Try again in a moment."):
        try:
            uploads.check_room(_size() or 0, assembly.sender)
            uploads.files.create(upload_id)
            target = uploads.files.path(upload_id)
            outbound = Outbound(
                TrustedHosts(service(Settings).import_hosts),
                room=uploads.files.room,
                download_seconds=FETCH_SECONDS,
            )
            outbound.download(url, target, max_bytes=assembly.max_size_bytes)
            yield upload_id, uploads.files.offset(upload_id) or 0
        except BaseException:
            uploads.files.remove(upload_id)
            raise


def _size() -> int | None:
    """The size that the client announces; Uppy writes "null" for one it does not know."""
    text = request.values.get("size", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
