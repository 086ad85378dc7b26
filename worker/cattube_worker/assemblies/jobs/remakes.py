"""Files whose bytes are gone, made again by the job that made them. They keep their ids.

Every function works within the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.jobs import job_parts
from cattube_worker.assemblies.model import Assembly, Job
from cattube_worker.errors import JobFailed
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile


def maker_of(session: Session, assembly_id: str, file_id: str) -> Job | None:
    """The job that made the bytes of the file; None where that is not known, and of an upload."""
    files = repository.files_of(session, assembly_id)
    file = next((file for file in files if file.id == file_id), None)
    if file is None:
        return None
    # Of those that steps handed on, the bytes are those of the first.
    first = next(other for other in files if other.id == file.id or _has_bytes_of(other, file))
    job = session.get(Job, first.made_by) if first.made_by else None
    # A replay begins with files of another assembly, and no job makes what a client sent.
    return job if job and job.assembly_id == assembly_id and job.node != ORIGINAL_STEP else None


def begin(session: Session, job: Job, *, now: float) -> None:
    """Have the job, which is done, run again: whole, on any host."""
    job.state, job.due_at, job.ended_at, job.host = "waiting", now, None, None
    job.attempt, job.progress, job.declined_by = 0, 0.0, ""
    if job_parts.is_cut(job):
        job_parts.give_up(session, job, now=now)


def made_by(
    session: Session, assembly: Assembly, job: Job, outputs: Sequence[AssemblyFile]
) -> list[AssemblyFile]:
    """The files to write down for these outputs of the job. What it made before, it has made again.

    Raises JobFailed when it made other files than before.
    """
    files = repository.files_of(session, assembly.id)
    before = [file for file in files if file.made_by == job.id]
    if not before or not outputs:
        return [output if output.made_by else replace(output, made_by=job.id) for output in outputs]
    if [file.step for file in before] != [output.step for output in outputs]:
        raise JobFailed("The work on a file whose bytes were gone came to another end than before.")
    changed = [
        _with_bytes_of(output, file)
        for old, output in zip(before, outputs, strict=True)
        for file in files
        if file.id == old.id or _has_bytes_of(file, old)
    ]
    _wake(session, assembly.id, {file.id for file in changed}, now=job.ended_at or 0.0)
    return changed


def _has_bytes_of(file: AssemblyFile, other: AssemblyFile) -> bool:
    """True when both have one object in the bucket."""
    return file.bucket_key is not None and file.bucket_key == other.bucket_key


def _with_bytes_of(output: AssemblyFile, file: AssemblyFile) -> AssemblyFile:
    """The file with the bytes of the output; as it is where a step has stored it with its own."""
    if file.url is not None or file.object_key is not None:
        return file
    original_md5hash = output.original_md5hash if file.is_as_it_came else file.original_md5hash
    return replace(
        file,
        path=output.path,
        bucket_key=output.bucket_key,
        size_bytes=output.size_bytes,
        md5hash=output.md5hash,
        original_md5hash=original_md5hash,
        meta=output.meta,
        playlists=output.playlists,
    )


def _wake(session: Session, assembly_id: str, file_ids: set[str], *, now: float) -> None:
    """Have the jobs that wait for these files wait no longer."""
    waiting = session.scalars(select(Job).filter_by(assembly_id=assembly_id, state="waiting"))
    for job in waiting:
        if file_ids.intersection(job.input_ids):
            job.due_at = min(job.due_at, now)
