"""A leased job with all it needs from the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.jobs import job_parts
from cattube_worker.assemblies.jobs.job_parts import Part
from cattube_worker.assemblies.model import Job, Upload
from cattube_worker.database import Database
from cattube_worker.execution.jobs.leases import Lease
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile


@dataclass(frozen=True, kw_only=True)
class Task:
    """A job and its input. upload: set when the job is to probe one; then there are no inputs.

    part: set when the job is for a part of its input alone. parts: those to be joined; none for other jobs.
    may_cut: whether the job may still be cut into parts.
    """

    lease: Lease
    steps: str
    parent_id: str | None
    fields: dict[str, Any]
    base_url: str
    max_files: int
    max_size_bytes: int
    inputs: tuple[AssemblyFile, ...]
    upload: Upload | None
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    may_cut: bool = False


def load_task(database: Database, lease: Lease) -> Task:
    """The task behind a lease."""
    with database.read() as session:
        assembly = repository.get(session, lease.assembly_id)
        files = {file.id: file for file in repository.files_of(session, lease.assembly_id)}
        is_probe = lease.node == ORIGINAL_STEP
        job = session.get_one(Job, lease.job_id)
        whole = session.get_one(Job, job.part_of) if job.part_of else job
        return Task(
            lease=lease,
            steps=assembly.steps,
            parent_id=assembly.parent_id,
            fields=assembly.fields,
            base_url=assembly.base_url,
            max_files=assembly.max_files,
            max_size_bytes=assembly.max_size_bytes,
            inputs=() if is_probe else tuple(files[file_id] for file_id in whole.input_ids),
            upload=session.get(Upload, lease.input_ids[0]) if is_probe else None,
            part=Part.from_json(job.part) if job.part_of and job.part else None,
            parts=tuple(job_parts.parts_of(session, job.id)) if job_parts.is_cut(job) else (),
            # What only one host may run was encoded there while it arrived.
            may_cut=job_parts.may_cut(job) and job.host is None,
        )
