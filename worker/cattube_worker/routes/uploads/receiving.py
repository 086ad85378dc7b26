"""Receiving the body of a request into an upload."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from cattube_worker.assemblies.model import Upload
from cattube_worker.assemblies.uploads.uploads import (
    assembly_id_of,
    check_accepts_bytes,
    check_open,
    check_size,
)
from cattube_worker.execution.streaming.streaming_encodes import StreamingEncodes
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.routes.requests.client_address import holders_of
from cattube_worker.routes.services import service
from cattube_worker.settings import Settings
from cattube_worker.tus import protocol
from cattube_worker.tus.checksum import Checksum, ChecksumMismatch, read_checksum
from cattube_worker.tus.locks import WriteLock
from cattube_worker.tus.receive import open_body
from cattube_worker.tus.upload_files import UploadFiles

SLOT_ADVICE = "This one can go on in a moment."


def receive(uploads: Uploads, upload_id: str, claimed_offset: int) -> tuple[Upload, int]:
    """The upload and its offset after the body, which begins at the offset that the client claims.

    Raises TusError.
    """
    checksum = read_checksum(request.headers)
    holders = holders_of(assembly_id_of(upload_id))
    with uploads.slot(holders, SLOT_ADVICE), uploads.locks.hold(upload_id) as lock:
        upload, assembly = uploads.find(upload_id)
        check_open(assembly)
        check_accepts_bytes(upload)
        offset = uploads.offset(upload)
        if claimed_offset != offset:
            raise protocol.WrongOffset(
                f"The upload is at byte {offset}, not {claimed_offset}. Go on from there."
            )
        size_bytes = protocol.read_late_length(request.headers, upload.size_bytes)
        check_size(assembly, size_bytes)
        if size_bytes is None:
            # Its length was not announced: it has no more room than others have left.
            uploads.check_room(request.content_length or 0, assembly.sender)
        room = (assembly.max_size_bytes if size_bytes is None else size_bytes) - offset
        if size_bytes is not None and not upload.concat:
            service(StreamingEncodes).offer(upload_id, size_bytes)
        digest = uploads.digests.following(upload_id, uploads.files.path(upload_id), offset=offset)
        try:
            with digest, _checked(uploads.files, upload_id, checksum, start=offset):
                has_excess = _copy_body(uploads.files, upload_id, room, lock)
        finally:
            offset = uploads.record_received(upload, size_bytes)
        if has_excess:
            raise protocol.TooLarge("The body is longer than what was left of the upload.")
        if lock.is_interrupted:
            raise protocol.UploadLocked("Another request took this upload over.")
    return upload, offset


@contextmanager
def _checked(files: UploadFiles, upload_id: str, checksum: Checksum | None, *, start: int) -> Iterator[None]:
    """Keep what the block appends only if it is what `checksum` says. Raises ChecksumMismatch.

    Read back from the file, so that the bytes of those who send no checksum are received as fast as ever.
    """
    if checksum is None:
        yield
        return
    is_right = False
    try:
        yield
        is_right = files.digest(upload_id, checksum.algorithm, start=start) == checksum.digest
    finally:
        if not is_right:
            files.cut(upload_id, start)
    if not is_right:
        raise ChecksumMismatch("The bytes do not have the checksum they were sent with. Send them again.")


def _copy_body(files: UploadFiles, upload_id: str, room: int, lock: WriteLock) -> bool:
    """Append the body, and tell if it had more than `room` bytes; those are not taken."""
    length = request.content_length
    if length is None and not request.environ.get("wsgi.input_terminated"):
        length = 0  # Neither a length nor chunks: there is no body.
    if length is not None and length > room:
        raise protocol.TooLarge(f"The body has {length} bytes; only {room} were left of the upload.")
    body = open_body(request.environ, stall_seconds=service(Settings).upload_stall_seconds)
    with files.append(upload_id) as file:
        body.copy_to(file, room if length is None else length, lock)
    return length is None and body.has_more()
