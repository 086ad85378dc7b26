"""Resumable uploads: announced at the tus_url of an assembly, then sent to addresses of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from flask import Blueprint, Response, request
from werkzeug.http import http_date

from cattube_worker.assemblies import upload_parts, uploads
from cattube_worker.assemblies.addresses import tus_url
from cattube_worker.assemblies.model import Assembly, Upload
from cattube_worker.assemblies.uploads import UploadRequest
from cattube_worker.engine import Engine
from cattube_worker.errors import AssemblyError, TryLater
from cattube_worker.execution import abandon_upload, concat_upload
from cattube_worker.routes import current_engine
from cattube_worker.tus import protocol
from cattube_worker.tus.checksum import ALGORITHMS, Checksum, ChecksumMismatch, read_checksum
from cattube_worker.tus.concatenation import FINAL, read_concat
from cattube_worker.tus.locks import WriteLock
from cattube_worker.tus.metadata import read_metadata
from cattube_worker.tus.receive import open_body

blueprint = Blueprint("uploads", __name__)
ALL, ONE = "/resumable/files/", "/resumable/files/<upload_id:upload_id>"
OWN = "/assemblies/<hex32:assembly_id>/resumable/files/"


@blueprint.after_request
def add_version(response: Response) -> Response:
    response.headers["Tus-Resumable"] = protocol.VERSION
    response.headers["Cache-Control"] = "no-store"
    if response.status_code < 300:
        response.headers.remove("Content-Type")  # There is nothing in it to have a type.
    return response


@blueprint.route(ALL, methods=["OPTIONS"], provide_automatic_options=False)
@blueprint.route(OWN, methods=["OPTIONS"], provide_automatic_options=False)
@blueprint.route(ONE, methods=["OPTIONS"], provide_automatic_options=False)
def tell_abilities(**_: str) -> Response:
    headers = {
        "Tus-Version": protocol.VERSION,
        "Tus-Extension": protocol.EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        "Tus-Max-Size": str(current_engine().settings.max_upload_bytes),
    }
    return Response(status=204, headers=headers)


@blueprint.post(ALL, provide_automatic_options=False)
@blueprint.post(OWN, provide_automatic_options=False)
def create_upload(assembly_id: str | None = None) -> Response:
    """A new upload; with a body, its first bytes at once (creation-with-upload)."""
    engine = current_engine()
    protocol.check_version(request.headers)
    announced = _announcement(assembly_id)
    if announced.concat.startswith(FINAL):
        with a_seat(engine):
            upload = concat_upload.join(engine, announced)
        return _created(engine, upload, upload.size_bytes or 0)
    if request.content_length:
        protocol.check_content_type(request.headers)
    _check_max(engine, announced.size_bytes)
    engine.upload_files.check_room(announced.size_bytes or 0)
    try:
        upload = _open(engine, announced)
    except uploads.AssemblySaturated:
        abandon_upload.make_way(engine, announced)
        upload = _open(engine, announced)
    return _created(engine, upload, _first_bytes(engine, upload))


@blueprint.route(ONE, methods=["HEAD"], provide_automatic_options=False)
def show_offset(upload_id: str) -> Response:
    """How far the upload is. A request that still sends to it is told to let go: its client came back."""
    engine = current_engine()
    protocol.check_version(request.headers)
    with engine.locks.hold(upload_id, interrupt=True):
        upload, _ = _find(engine, upload_id)
        # Settled again, for the engine may have died between the last byte and its mark.
        offset = _settle(engine, upload, upload.size_bytes)
    return Response(status=200, headers={**_facts(upload, offset), **_expiry(engine, upload)})


@blueprint.patch(ONE, provide_automatic_options=False)
def add_bytes(upload_id: str) -> Response:
    engine = current_engine()
    protocol.check_version(request.headers)
    protocol.check_content_type(request.headers)
    claimed = protocol.read_number(request.headers, "Upload-Offset")
    upload, offset = _receive(engine, upload_id, claimed)
    return Response(status=204, headers={"Upload-Offset": str(offset), **_expiry(engine, upload)})


@blueprint.delete(ONE, provide_automatic_options=False)
def end_upload(upload_id: str) -> Response:
    """Give the upload up (termination). The assembly then waits for another in its place."""
    engine = current_engine()
    protocol.check_version(request.headers)
    abandon_upload.give_up(engine, upload_id)
    return Response(status=204)


@blueprint.post(ONE, provide_automatic_options=False)
def override_method(upload_id: str) -> Response:
    """PATCH and the others for clients whose network lets only GET and POST through."""
    wanted = {"PATCH": add_bytes, "DELETE": end_upload, "HEAD": show_offset}
    handler = wanted.get(request.headers.get("X-HTTP-Method-Override", "").upper())
    if handler is None:
        raise protocol.TusError("POST to an upload needs X-HTTP-Method-Override: PATCH, DELETE or HEAD.")
    return handler(upload_id)


def _announcement(assembly_id: str | None) -> UploadRequest:
    """What the request says of its upload. assembly_id: from the address, if it has one. Raises TusError."""
    header, concat = request.headers.get("Upload-Metadata", ""), read_concat(request.headers)
    metadata = read_metadata(header, assembly_id=assembly_id)
    # The length of what is made of parts is theirs.
    size_bytes = None if concat.startswith(FINAL) else protocol.read_length(request.headers)
    return UploadRequest(metadata=metadata, metadata_header=header, size_bytes=size_bytes, concat=concat)


def _open(engine: Engine, announced: UploadRequest) -> Upload:
    opens = upload_parts.open_part if announced.concat else uploads.open_upload
    with engine.database.write() as session:
        upload = opens(session, announced, now=engine.clock())
        engine.upload_files.create(upload.id)
    return upload


def _created(engine: Engine, upload: Upload, offset: int) -> Response:
    headers = {"Location": tus_url(_base_url_of(engine, upload)) + upload.id, "Upload-Offset": str(offset)}
    return Response(status=201, headers={**headers, **_expiry(engine, upload)})


def _receive(engine: Engine, upload_id: str, claimed: int) -> tuple[Upload, int]:
    """Take the request's body in at the offset the client claims. Raises TusError."""
    checksum = read_checksum(request.headers)
    with a_seat(engine), engine.locks.hold(upload_id) as turn:
        upload, assembly = _find(engine, upload_id)
        uploads.check_open(assembly)
        uploads.check_accepts_bytes(upload)
        offset = _offset(engine, upload)
        if claimed != offset:
            raise protocol.WrongOffset(f"The upload is at byte {offset}, not {claimed}. Go on from there.")
        size_bytes = protocol.read_late_length(request.headers, upload.size_bytes)
        uploads.check_size(assembly, size_bytes)
        room = (assembly.max_size_bytes if size_bytes is None else size_bytes) - offset
        if size_bytes is not None and not upload.concat:
            engine.streaming.offer(upload_id, size_bytes)
        try:
            with _followed(engine, upload_id, offset), _checked(engine, upload_id, checksum, start=offset):
                excess = _copy_body(engine, upload_id, room, turn)
        finally:
            offset = _settle(engine, upload, size_bytes)
        if excess:
            raise protocol.TooLarge("The body is longer than what was left of the upload.")
        if turn.is_interrupted:
            raise protocol.UploadLocked("Another request took this upload over.")
    return upload, offset


def _followed(engine: Engine, upload_id: str, offset: int) -> AbstractContextManager[None]:
    """Have the digest of the upload be taken while the block adds to it."""
    return engine.digests.following(upload_id, engine.upload_files.path(upload_id), offset=offset)


@contextmanager
def _checked(engine: Engine, upload_id: str, checksum: Checksum | None, *, start: int) -> Iterator[None]:
    """Keep what the block appends only if it is what `checksum` says. Raises ChecksumMismatch.

    Read back from the file, so that the bytes of those who send no checksum are received as fast as ever.
    """
    if checksum is None:
        yield
        return
    is_right = False
    try:
        yield
        is_right = engine.upload_files.digest(upload_id, checksum.algorithm, start=start) == checksum.digest
    finally:
        if not is_right:
            engine.upload_files.cut(upload_id, start)
    if not is_right:
        raise ChecksumMismatch("The bytes do not have the checksum they were sent with. Send them again.")


def _copy_body(engine: Engine, upload_id: str, room: int, turn: WriteLock) -> bool:
    """Whether the body held more than `room` bytes; those are not taken."""
    length = request.content_length
    if length is None and not request.environ.get("wsgi.input_terminated"):
        length = 0  # Neither a length nor chunks: there is no body.
    if length is not None and length > room:
        raise protocol.TooLarge(f"The body has {length} bytes; only {room} were left of the upload.")
    body = open_body(request.environ, stall_seconds=engine.settings.upload_stall_seconds)
    with engine.upload_files.append(upload_id) as file:
        body.copy_to(file, room if length is None else length, turn)
    return length is None and body.has_more()


def _settle(engine: Engine, upload: Upload, size_bytes: int | None) -> int:
    """Write down how far the upload is now, and say so."""
    offset = _offset(engine, upload)
    is_news = upload.finished_at is None and offset == size_bytes
    if is_news or size_bytes != upload.size_bytes:
        with engine.database.write() as session:
            uploads.record_received(
                session, upload.id, offset=offset, size_bytes=size_bytes, now=engine.clock()
            )
        engine.publish(upload.assembly_id)
    return offset


def _first_bytes(engine: Engine, upload: Upload) -> int:
    """Take in what came with the creation.

    If that fails, the upload is given up: the client is not told its address, and must begin anew.
    """
    try:
        return _receive_first(engine, upload)
    except AssemblyError:
        with suppress(protocol.TusError):  # Given up by others meanwhile, or complete after all.
            abandon_upload.give_up(engine, upload.id)
        raise


def _receive_first(engine: Engine, upload: Upload) -> int:
    if upload.size_bytes == 0:
        return _settle(engine, upload, 0)
    if not request.content_length:
        return 0
    offset = _receive(engine, upload.id, 0)[1]
    if offset < request.content_length:
        raise TryLater("The bytes broke off. Announce the upload again.")
    return offset


@contextmanager
def a_seat(engine: Engine) -> Iterator[None]:
    """One of the places for requests that send bytes. Raises TryLater when all are taken."""
    if not engine.upload_slots.acquire(blocking=False):
        raise TryLater("Too many uploads at the same time. This one can go on in a moment.")
    try:
        yield
    finally:
        engine.upload_slots.release()


def _find(engine: Engine, upload_id: str) -> tuple[Upload, Assembly]:
    with engine.database.read() as session:
        return uploads.find_upload(session, upload_id)


def _offset(engine: Engine, upload: Upload) -> int:
    if upload.finished_at is not None:
        return upload.size_bytes or 0
    offset = engine.upload_files.offset(upload.id)
    if offset is None:
        raise protocol.UploadGone("The bytes of this upload are gone.")
    return offset


def _facts(upload: Upload, offset: int) -> dict[str, str]:
    facts = {"Upload-Offset": str(offset)}
    if upload.size_bytes is None:
        facts["Upload-Defer-Length"] = "1"
    else:
        facts["Upload-Length"] = str(upload.size_bytes)
    if upload.metadata_header:
        facts["Upload-Metadata"] = upload.metadata_header
    if upload.concat:
        facts["Upload-Concat"] = upload.concat
    return facts


def _expiry(engine: Engine, upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": http_date(upload.created_at + engine.settings.upload_expires_hours * 3600)}


def _check_max(engine: Engine, size_bytes: int | None) -> None:
    if size_bytes is not None and size_bytes > engine.settings.max_upload_bytes:
        raise protocol.TooLarge(f"Files may have at most {engine.settings.max_upload_bytes} bytes.")


def _base_url_of(engine: Engine, upload: Upload) -> str:
    with engine.database.read() as session:
        return uploads.find_upload(session, upload.id)[1].base_url
