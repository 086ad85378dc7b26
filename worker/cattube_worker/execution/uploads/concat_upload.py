"""Making one file of the parts in which it was sent (tus concatenation)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from threading import Event

from cattube_worker.assemblies.model import Upload
from cattube_worker.assemblies.uploads import upload_parts
from cattube_worker.assemblies.uploads.uploads import UploadRequest, new_upload_id
from cattube_worker.execution.job_files.job_files import Holding, JobFiles
from cattube_worker.execution.uploads.uploads import Uploads


def concat_upload(uploads: Uploads, files: JobFiles, request: UploadRequest) -> Upload:
    """The upload that holds the bytes of the announced parts, which are gone from then on.

    The bytes are copied before anything is written down: an engine that dies half-way leaves all parts as
    they were, and a file that goes with the assembly. Asked again, the answer is the same.
    files: brings the parts that came to other hosts.
    Raises AssemblyNotFound, AssemblySaturated, TooLarge, UploadGone, Forbidden, TusError, DiskFull,
    SourceAway.
    """
    with uploads.database.read() as session:
        earlier = upload_parts.find_concatenated(session, request)
        if earlier is not None:
            return earlier
        assembly, parts = upload_parts.find_parts(session, request)
    # The parts themselves were announced, and count for their sender already.
    uploads.files.room.check(sum(part.size_bytes or 0 for part in parts))
    upload = _concat(uploads, files, request, parts)
    uploads.signals.publish(assembly.id)
    return upload


def _concat(uploads: Uploads, files: JobFiles, request: UploadRequest, parts: Sequence[Upload]) -> Upload:
    upload_id = new_upload_id(request.assembly_id)
    try:
        with ExitStack() as held:
            holding = Holding(assembly_id=request.assembly_id, held=held, stop=Event())
            uploads.files.join(upload_id, [files.bring_upload(part, holding) for part in parts])
        with uploads.database.write() as session:
            upload = upload_parts.replace_parts(session, request, upload_id, now=uploads.clock())
    except BaseException:
        uploads.files.remove(upload_id)
        raise
    for part in parts:
        uploads.files.remove(part.id)
    return upload
