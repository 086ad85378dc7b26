"""One upload at its own address: add bytes to it, ask how far it is, abandon it."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.http import http_date

from cattube_worker.assemblies.model import Upload
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.routes.services import service
from cattube_worker.routes.uploads.handover import at_its_host
from cattube_worker.routes.uploads.receiving import receive
from cattube_worker.settings import Settings
from cattube_worker.tus import protocol

blueprint = Blueprint("upload", __name__)
ONE = "/resumable/files/<upload_id:upload_id>"


@blueprint.route(ONE, methods=["HEAD"], provide_automatic_options=False)
@at_its_host
def show_offset(upload_id: str) -> Response:
    """The offset of the upload. A request that still sends to it is cut off: its client came back."""
    uploads = service(Uploads)
    protocol.check_version(request.headers)
    with uploads.locks.hold(upload_id, interrupt=True):
        upload, _ = uploads.find(upload_id)
        # Settled again, for the engine may have died between the last byte and its mark.
        offset = uploads.record_received(upload, upload.size_bytes)
    return Response(status=200, headers={**_headers(upload, offset), **expiry(upload)})


@blueprint.patch(ONE, provide_automatic_options=False)
@at_its_host
def add_bytes(upload_id: str) -> Response:
    protocol.check_version(request.headers)
    protocol.check_content_type(request.headers)
    claimed_offset = protocol.read_number(request.headers, "Upload-Offset")
    upload, offset = receive(service(Uploads), upload_id, claimed_offset)
    return Response(status=204, headers={"Upload-Offset": str(offset), **expiry(upload)})


@blueprint.delete(ONE, provide_automatic_options=False)
@at_its_host
def end_upload(upload_id: str) -> Response:
    """End the upload (termination). The assembly then waits for another in its place."""
    protocol.check_version(request.headers)
    service(Uploads).terminate(upload_id)
    return Response(status=204)


@blueprint.post(ONE, provide_automatic_options=False)
@at_its_host
def override_method(upload_id: str) -> Response:
    """PATCH and the others for clients whose network lets only GET and POST through."""
    handlers = {"PATCH": add_bytes, "DELETE": end_upload, "HEAD": show_offset}
    handler = handlers.get(request.headers.get("X-HTTP-Method-Override", "").upper())
    if handler is None:
        raise protocol.TusError("POST to an upload needs X-HTTP-Method-Override: PATCH, DELETE or HEAD.")
    return handler(upload_id)


def expiry(upload: Upload) -> dict[str, str]:
    """The header that says when the upload expires if it is not finished."""
    seconds = service(Settings).upload_expires_hours * 3600
    return {"Upload-Expires": http_date(upload.created_at + seconds)}


def _headers(upload: Upload, offset: int) -> dict[str, str]:
    headers = {"Upload-Offset": str(offset)}
    if upload.size_bytes is None:
        headers["Upload-Defer-Length"] = "1"
    else:
        headers["Upload-Length"] = str(upload.size_bytes)
    if upload.metadata_header:
        headers["Upload-Metadata"] = upload.metadata_header
    if upload.concat:
        headers["Upload-Concat"] = upload.concat
    return headers
