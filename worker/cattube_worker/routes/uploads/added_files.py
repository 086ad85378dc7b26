"""Files that a client uploaded elsewhere and tells us the address of: Uppy's importFromUploadURLs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, jsonify, request

from cattube_worker.assemblies import uploads
from cattube_worker.assemblies.received_files import ReceivedFile, add_awaited_file
from cattube_worker.engine import Engine
from cattube_worker.errors import BadRequest, TryLater
from cattube_worker.protocol.file_names import clean_name
from cattube_worker.routes import current_engine

blueprint = Blueprint("added_files", __name__)
ONE = "/assemblies/<hex32:assembly_id>"


@blueprint.post(f"{ONE}/reserve_file")
def reserve_file(assembly_id: str) -> Response:
    """Say whether the assembly is going to take a file of this size.

    Nothing is set aside: the client said at the start how many files there are going to be.
    """
    with current_engine().database.read() as session:
        uploads.find_awaiting_assembly(session, assembly_id, size_bytes=_size())
    return jsonify(ok="ASSEMBLY_FILE_RESERVED", message="The file is expected.", assembly_id=assembly_id)


@blueprint.post(f"{ONE}/add_file")
def add_file(assembly_id: str) -> Response:
    """Fetch a file for the assembly; answered when it is here. The id is the permission."""
    engine, url = current_engine(), request.values.get("s3Url", "")
    if not url:
        raise BadRequest("Name the address of the file: s3Url.")
    with engine.database.read() as session:
        assembly = uploads.find_awaiting_assembly(session, assembly_id, size_bytes=_size())
    with _fetched(engine, assembly_id, url, max_bytes=assembly.max_size_bytes) as (upload_id, size_bytes):
        file = ReceivedFile(
            id=upload_id,
            filename=clean_name(request.values.get("filename", "")),
            fieldname=request.values.get("fieldname") or "file",
            size_bytes=size_bytes,
        )
        with engine.database.write() as session:
            add_awaited_file(session, file, now=engine.clock())
    engine.publish(assembly_id)
    return jsonify(ok="ASSEMBLY_FILE_ACCEPTED", message="The file was added.", assembly_id=assembly_id)


@contextmanager
def _fetched(engine: Engine, assembly_id: str, url: str, *, max_bytes: int) -> Iterator[tuple[str, int]]:
    """The id and size of a new upload with what lies at `url`; removed again if the block raises."""
    # Imported when needed: an idle engine does without it.
    from cattube_worker.outbound.http import Outbound

    upload_id = uploads.new_upload_id(assembly_id)
    if not engine.upload_slots.acquire(blocking=False):
        raise TryLater("Too many uploads at the same time. Try again in a moment.")
    try:
        engine.upload_files.check_room(_size() or 0)
        engine.upload_files.create(upload_id)
        target = engine.upload_files.path(upload_id)
        Outbound(engine.settings.trusted_hosts).download(url, target, max_bytes=max_bytes)
        yield upload_id, engine.upload_files.offset(upload_id) or 0
    except BaseException:
        engine.upload_files.remove(upload_id)
        raise
    finally:
        engine.upload_slots.release()


def _size() -> int | None:
    """What the client says; Uppy writes "null" for what it does not know."""
    text = request.values.get("size", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
