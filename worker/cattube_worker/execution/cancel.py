"""Ending an assembly from outside."""

from __future__ import annotations

import shutil

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.engine import Engine


def cancel(engine: Engine, assembly_id: str) -> None:
    """Cancel the assembly: its uploads are cut off and its jobs stopped.

    One that has ended stays as it is, but the files of it that were kept here for a day are gone.
    Raises AssemblyNotFound.
    """
    with engine.database.write() as session:
        assembly = repository.get(session, assembly_id)
        lifecycle.cancel(session, assembly, now=engine.clock())
        uploads = [*repository.uploads_of(session, assembly_id), *repository.parts_of(session, assembly_id)]
    for upload in uploads:
        engine.locks.interrupt(upload.id)
    engine.running.stop(assembly_id)
    engine.live_previews.withdraw(assembly_id)
    shutil.rmtree(engine.settings.results_dir / assembly_id, ignore_errors=True)
    engine.publish(assembly_id)
