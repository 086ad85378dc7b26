"""Making one file of the parts in which it was sent."""

from __future__ import annotations

from cattube_worker.assemblies import upload_parts
from cattube_worker.assemblies.model import Upload
from cattube_worker.assemblies.uploads import UploadRequest, new_upload_id
from cattube_worker.engine import Engine


def join(engine: Engine, announced: UploadRequest) -> Upload:
    """The upload that holds the bytes of the announced parts, which are gone from then on.

    The bytes are copied before anything is written down: an engine that dies half-way leaves all parts as
    they were, and a file that goes with the assembly. Asked again, the answer is the same.
    Raises AssemblyNotFound, AssemblySaturated, TooLarge, UploadGone, Forbidden, TusError, DiskFull.
    """
    with engine.database.read() as session:
        joined = upload_parts.find_concatenated(session, announced)
        if joined is not None:
            return joined
        assembly, found = upload_parts.find_parts(session, announced)
    engine.upload_files.check_room(sum(part.size_bytes or 0 for part in found))
    upload = _join(engine, announced, [part.id for part in found])
    engine.publish(assembly.id)
    return upload


def _join(engine: Engine, announced: UploadRequest, part_ids: list[str]) -> Upload:
    upload_id = new_upload_id(announced.assembly_id)
    try:
        engine.upload_files.join(upload_id, part_ids)
        with engine.database.write() as session:
            upload = upload_parts.replace_parts(session, announced, upload_id, now=engine.clock())
    except BaseException:
        engine.upload_files.remove(upload_id)
        raise
    for part_id in part_ids:
        engine.upload_files.remove(part_id)
    return upload
