"""What a site of one machine had under way when others came: left for them, or done by this host alone."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import FINAL_STATES, PROBE, Assembly, Job, Upload
from cattube_worker.database import Database
from cattube_worker.execution.job_files.errors import SourceAway
from cattube_worker.execution.job_files.job_files import JobFiles
from cattube_worker.execution.job_files.sources import find_origin
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.storage import StoreError
from cattube_worker.tus.upload_files import UploadFiles

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """Has other hosts find what lies on this one alone: uploads, and what jobs left when there was no other.

    They fetch the uploads from here. The other files are left in the bucket, also for jobs that are yet to
    come. Until they are there, the jobs that need them are run here.
    """

    database: Database
    uploads: UploadFiles
    files: JobFiles
    _bound: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """Write down which uploads are on this host, and have jobs run here whose files are nowhere else."""
        with self.database.read() as session:
            here = [upload.id for upload in _unclaimed(session) if self.uploads.path(upload.id).is_file()]
            jobs = [job.id for job in _unbound(session) if _needs_this_host(session, job)]
        if here or jobs:
            with self.database.write() as session:
                session.execute(update(Upload).where(Upload.id.in_(here)).values(host=self.uploads.host))
                session.execute(update(Job).where(Job.id.in_(jobs)).values(host=self.uploads.host))
        self._bound.update(jobs)

    def hand_over(self, stop: Event) -> bool:
        """Leave the files for all hosts, as a job leaves them that runs now; tell if none is left out.

        It takes as long as the bucket needs for all of them. stop: once set, no further one is begun.
        """
        with self.database.read() as session:
            here = list(_files_here_alone(session))
        has_all = True
        for assembly_id, file in here:
            if stop.is_set():
                return False
            try:
                (left,) = self.files.leave(assembly_id, [file], steps={file.step})
            except (SourceAway, StoreError) as error:
                log.warning("what a job has left stays on this host for now: %s", error)
                has_all = False
                continue
            with self.database.write() as session:
                if repository.get_file(session, assembly_id, file.id) == file:
                    repository.save_file(session, assembly_id, left)
                    self._unbind(session, assembly_id)
        return has_all

    def _unbind(self, session: Session, assembly_id: str) -> None:
        """Have any host run the jobs of the assembly that were bound only for files which are left by now."""
        session.flush()
        jobs = session.scalars(select(Job).where(Job.assembly_id == assembly_id, Job.id.in_(self._bound)))
        for job in jobs:
            if not _needs_this_host(session, job):
                job.host = None


def _files_here_alone(session: Session) -> Iterator[tuple[str, AssemblyFile]]:
    """Files of assemblies under way, each with the id of its assembly."""
    for assembly_id in session.scalars(select(Assembly.id).where(Assembly.state.not_in(FINAL_STATES))):
        for file in repository.files_of(session, assembly_id):
            if _is_here_alone(session, assembly_id, file):
                yield assembly_id, file


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
