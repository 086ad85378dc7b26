"""Ending an assembly from outside."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.execution.result_files import ResultFiles
from cattube_worker.execution.uploads.uploads import Uploads


def cancel(assembly_id: str, *, by_page: bool, jobs: Jobs, uploads: Uploads, results: ResultFiles) -> None:
    """Cancel the assembly: its uploads are cut off and its jobs stopped.

    One that has ended stays as it is, but its files that the engine kept are gone.
    by_page: for the page that uploads to it, which is not told then. Raises AssemblyNotFound.
    """
    with jobs.database.write() as session:
        assembly = repository.get(session, assembly_id)
        if assembly.is_final:
            _forget_kept(session, assembly_id)
        lifecycle.cancel(session, assembly, by_page=by_page, now=jobs.clock())
        rows = [*repository.uploads_of(session, assembly_id), *repository.parts_of(session, assembly_id)]
    for upload in rows:
        uploads.locks.interrupt(upload.id)
    jobs.running.stop(assembly_id)
    jobs.folders.live_previews.withdraw(assembly_id)
    results.remove_assembly(assembly_id)
    jobs.signals.publish(assembly_id)


def _forget_kept(session: Session, assembly_id: str) -> None:
    """Forget the results that lie in the bucket for clients: the next sweep removes them."""
    for file in repository.files_of(session, assembly_id):
        if file.bucket_key is not None:
            repository.save_file(session, assembly_id, replace(file, bucket_key=None))
