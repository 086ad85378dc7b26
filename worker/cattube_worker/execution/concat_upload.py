"""Making one file of the parts in which it was sent (tus concatenation)."""

from __future__ import annotations

from cattube_worker.assemblies import upload_parts
from cattube_worker.assemblies.model import Upload
from cattube_worker.assemblies.uploads import UploadRequest, new_upload_id
from cattube_worker.execution.uploads import Uploads


def concat_upload(uploads: Uploads, request: UploadRequest) -> Upload:
    """The upload that holds the bytes of the announced parts, which are gone from then on.

    The bytes are copied before anything is written down: an engine that dies half-way leaves all parts as
    they were, and a file that goes with the assembly. Asked again, the answer is the same.
    Raises AssemblyNotFound, AssemblySaturated, TooLarge, UploadGone, Forbidden, TusError, DiskFull.
    """
    with uploads.database.read() as session:
        earlier = upload_parts.find_concatenated(session, request)
        if earlier is not None:
            return earlier
        assembly, parts = upload_parts.find_parts(session, request)
    # The parts themselves were announced, and count for their sender already.
    uploads.files.room.check(sum(part.size_bytes or 0 for part in parts))
    upload = _concat(uploads, request, [part.id for part in parts])
    uploads.signals.publish(assembly.id)
    return upload


def _concat(uploads: Uploads, request: UploadRequest, part_ids: list[str]) -> Upload:
    upload_id = new_upload_id(request.assembly_id)
    try:
        uploads.files.join(upload_id, part_ids)
        with uploads.database.write() as session:
            upload = upload_parts.replace_parts(session, request, upload_id, now=uploads.clock())
    except BaseException:
        uploads.files.remove(upload_id)
        raise
    for part_id in part_ids:
        uploads.files.remove(part_id)
    return upload
