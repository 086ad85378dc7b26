"""What a site of one machine had under way when other hosts came: this host's alone, as its disk has it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import PROBE, Assembly, Job, Upload
from cattube_worker.database import Database
from cattube_worker.execution.job_files.sources import find_origin
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.tus.upload_files import UploadFiles


def adopt(database: Database, files: UploadFiles) -> None:
    """Write down what lies on this host alone: uploads, and what jobs left when there was no other.

    Other hosts fetch the uploads from then on. Jobs that need one of the other files run here.
    """
    with database.read() as session:
        uploads = [upload.id for upload in _unclaimed(session) if files.path(upload.id).is_file()]
    if uploads:
        with database.write() as session:
            session.execute(update(Upload).where(Upload.id.in_(uploads)).values(host=files.host))
    with database.read() as session:
        jobs = [job.id for job in _unbound(session) if _needs_this_host(session, job)]
    if jobs:
        with database.write() as session:
            session.execute(update(Job).where(Job.id.in_(jobs)).values(host=files.host))


def _unclaimed(session: Session) -> Sequence[Upload]:
    """Uploads of assemblies under way of which no host is known to have them."""
    query = select(Upload).join(Assembly).where(Upload.host.is_(None), Assembly.tidied_at.is_(None))
    return session.scalars(query).all()


def _unbound(session: Session) -> Sequence[Job]:
    """Open jobs that any host may run, but for probes: these need uploads alone."""
    query = select(Job).where(
        Job.state.in_(("waiting", "running")),
        Job.host.is_(None),
        Job.queue != PROBE,
        Job.part_of.is_(None),
    )
    return session.scalars(query).all()


def _needs_this_host(session: Session, job: Job) -> bool:
    inputs = (repository.get_file(session, job.assembly_id, file_id) for file_id in job.input_ids)
    return any(file is not None and _is_here_alone(session, job.assembly_id, file) for file in inputs)


def _is_here_alone(session: Session, assembly_id: str, file: AssemblyFile) -> bool:
    if file.path is None or file.bucket_key or not file.path.is_file():
        return False
    origin = find_origin(session, assembly_id, file)
    return origin.upload is None and not origin.keys
