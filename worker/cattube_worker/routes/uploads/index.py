"""The index of a movie ahead of its bytes, so that it can be encoded while it arrives.

Not a part of tus: a client that knows nothing of this is served after its upload. To know the upload's
address is the permission, as it is for the bytes.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from cattube_worker.assemblies import uploads
from cattube_worker.assemblies.model import Upload
from cattube_worker.engine import Engine
from cattube_worker.media.mp4.boxes import HEADER_BYTES, read_box
from cattube_worker.media.mp4.movie_index import MAX_INDEX_BYTES
from cattube_worker.routes import current_engine
from cattube_worker.routes.uploads.tus import ONE, a_seat
from cattube_worker.tus.protocol import TooLarge, TusError, read_number
from cattube_worker.tus.receive import open_body

blueprint = Blueprint("early_index", __name__)


@blueprint.post(f"{ONE}/index")
def put_index(upload_id: str) -> Response:
    """Keep the `moov` box that the upload is going to have at the byte Index-Offset."""
    engine = current_engine()
    start = read_number(request.headers, "Index-Offset")
    length = request.content_length or 0
    if length > MAX_INDEX_BYTES:
        raise TooLarge(f"An index may have at most {MAX_INDEX_BYTES} bytes.")
    with a_seat(engine):
        upload = _find(engine, upload_id, end=start + length)
        _receive(engine, upload_id, start, length)
    engine.streaming.offer(upload_id, upload.size_bytes or 0)
    return Response(status=204)


def _find(engine: Engine, upload_id: str, *, end: int) -> Upload:
    with engine.database.read() as session:
        upload, assembly = uploads.find_upload(session, upload_id)
        uploads.check_open(assembly)
    if upload.concat or upload.size_bytes is None or end > upload.size_bytes:
        raise TusError("The index must lie within an upload that is sent as a whole and of a known length.")
    return upload


def _receive(engine: Engine, upload_id: str, start: int, length: int) -> None:
    """Take the request's body in; a body that is no moov box, or not all of one, is dropped."""
    engine.upload_files.check_room(length)
    body = open_body(request.environ, stall_seconds=engine.settings.upload_stall_seconds)
    # The bytes themselves may be sent at the same time, under the upload's own lock.
    with (
        engine.locks.hold(f"{upload_id}.index") as turn,
        engine.index_files.put(upload_id, start) as file,
    ):
        content = file.tell()
        received = body.copy_to(file, length, turn)
        file.seek(content)
        box = read_box(file.read(HEADER_BYTES), 0)
        if received < length or box is None or box.kind != b"moov" or box.size_bytes != length:
            raise TusError("The body must be one whole moov box.")
