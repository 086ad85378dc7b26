"""The index of a movie ahead of its bytes, so that it can be encoded while it arrives.

Not a part of tus: the upload of a client that does not use it is encoded when it is whole. To know the
upload's address is the permission, as it is for the bytes.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from cattube_worker.assemblies.model import Upload
from cattube_worker.assemblies.uploads.uploads import assembly_id_of, check_open
from cattube_worker.execution.streaming.index_files import IndexFiles
from cattube_worker.execution.streaming.streaming_encodes import StreamingEncodes
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.media.mp4.boxes import HEADER_BYTES, read_box
from cattube_worker.media.mp4.movie_index import MAX_INDEX_BYTES
from cattube_worker.routes.requests.client_address import holders_of
from cattube_worker.routes.services import service
from cattube_worker.routes.uploads.handover import at_its_host
from cattube_worker.routes.uploads.receiving import SLOT_ADVICE
from cattube_worker.routes.uploads.upload import ONE
from cattube_worker.settings import Settings
from cattube_worker.size_in_words import excess_in_words
from cattube_worker.tus.protocol import TooLarge, TusError, read_number
from cattube_worker.tus.receive import open_body

blueprint = Blueprint("index", __name__)


@blueprint.post(f"{ONE}/index")
@at_its_host
def put_index(upload_id: str) -> Response:
    """Keep the `moov` box that the upload is going to have at the byte Index-Offset."""
    uploads = service(Uploads)
    start = read_number(request.headers, "Index-Offset")
    length = request.content_length or 0
    if length > MAX_INDEX_BYTES:
        raise TooLarge(f"The index has {excess_in_words(length, MAX_INDEX_BYTES)}.")
    with uploads.slot(holders_of(assembly_id_of(upload_id)), SLOT_ADVICE):
        upload = _find(uploads, upload_id, end=start + length)
        uploads.files.room.check(length)
        _receive(uploads, upload_id, start, length)
    service(StreamingEncodes).offer(upload_id, upload.size_bytes or 0)
    return Response(status=204)


def _find(uploads: Uploads, upload_id: str, *, end: int) -> Upload:
    upload, assembly = uploads.find(upload_id)
    check_open(assembly)
    if upload.concat or upload.size_bytes is None or end > upload.size_bytes:
        raise TusError("The index must lie within an upload that is sent as a whole and of a known length.")
    return upload


def _receive(uploads: Uploads, upload_id: str, start: int, length: int) -> None:
    """Take the request's body in; a body that is no moov box, or not all of one, is dropped."""
    body = open_body(request.environ, stall_seconds=service(Settings).upload_stall_seconds)
    # The bytes themselves may be sent at the same time, under the upload's own lock.
    with (
        uploads.locks.hold(f"{upload_id}.index") as lock,
        service(IndexFiles).put(upload_id, start) as file,
    ):
        content = file.tell()
        received = body.copy_to(file, length, lock)
        file.seek(content)
        box = read_box(file.read(HEADER_BYTES), 0)
        if received < length or box is None or box.kind != b"moov" or box.size_bytes != length:
            raise TusError("The body must be one whole moov box.")
