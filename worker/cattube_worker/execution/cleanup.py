"""What remains on disk when an assembly has ended, and for how long.

Stored files live in the store; results that no step stored are kept aside for a day; the rest goes. All of
it can be repeated: a worker that dies in between is followed by one that does it again.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies import lifecycle, repository
from cattube_worker.assemblies.model import FINAL_STATES, UPLOADING, Assembly, Upload, UsedNonce
from cattube_worker.engine import Engine
from cattube_worker.errors import JobFailed
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile
from cattube_worker.instructions.compile import read_instructions

BATCH = 50
STRAY_SECONDS = 3600.0


def tidy_ended(engine: Engine) -> int:
    """Tidy up after assemblies that have ended; how many there were."""
    with engine.database.read() as session:
        query = select(Assembly.id).where(Assembly.tidied_at.is_(None), Assembly.state.in_(FINAL_STATES))
        ended = [each for each in session.scalars(query.limit(BATCH)) if not _is_busy(engine, each)]
    for assembly_id in ended:
        _tidy(engine, assembly_id)
    return len(ended)


def finish_whole_uploads(engine: Engine) -> None:
    """Go on with uploads whose last byte came right before a worker died."""
    with engine.database.read() as session:
        query = select(Upload).join(Assembly).where(Upload.finished_at.is_(None), Assembly.state == UPLOADING)
        waiting = session.scalars(query).all()
    for upload in waiting:
        if upload.size_bytes is not None and engine.upload_files.offset(upload.id) == upload.size_bytes:
            with engine.database.write() as session:
                row = session.get_one(Upload, upload.id)
                assembly = repository.get(session, upload.assembly_id)
                lifecycle.finish_upload(session, assembly, row, now=engine.clock())
            engine.publish(upload.assembly_id)


def expire_uploads(engine: Engine) -> None:
    """End assemblies whose files never came (T08, T09)."""
    now, limit = engine.clock(), engine.settings.upload_expires_hours * 3600
    with engine.database.write() as session:
        query = select(Assembly).where(Assembly.state == UPLOADING, Assembly.created_at < now - limit)
        late = session.scalars(query.limit(BATCH)).all()
        for assembly in late:
            error = JobFailed("The files of this assembly did not arrive in time.", code="ASSEMBLY_EXPIRED")
            lifecycle.fail(session, assembly, error, now=now)
    for assembly in late:
        engine.publish(assembly.id)


def expire_results(engine: Engine) -> None:
    """Remove results that were kept aside long enough, and nonces that no signature needs any more."""
    now = engine.clock()
    limit = now - engine.settings.result_expires_hours * 3600
    for folder in engine.settings.results_dir.iterdir():
        if folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)
    with engine.database.write() as session:
        session.execute(delete(UsedNonce).where(UsedNonce.expires_at < now))


def remove_strays(engine: Engine) -> None:
    """Remove folders that no assembly at work owns: left by a worker that died at the wrong moment.

    Also the links by which people watched what lay there.
    """
    engine.live_previews.sweep()
    with engine.database.read() as session:
        at_work = set(session.scalars(select(Assembly.id).where(Assembly.tidied_at.is_(None))))
    if not engine.settings.delete_tmp_files:
        return
    for root in (engine.settings.tmp_dir, engine.settings.uploads_dir):
        for folder in root.iterdir():
            # A young one may belong to a form whose assembly is only being made.
            is_old = folder.stat().st_mtime < engine.clock() - STRAY_SECONDS
            if is_old and folder.name not in at_work:
                shutil.rmtree(folder, ignore_errors=True)


def remove_streaming_folders(engine: Engine) -> None:
    """Remove what an engine that died made of uploads while they arrived: nobody asks for it any more."""
    for folder in engine.settings.tmp_dir.glob("*/early.*"):
        shutil.rmtree(folder, ignore_errors=True)


def _is_busy(engine: Engine, assembly_id: str) -> bool:
    return bool(engine.running.of(assembly_id))


def _tidy(engine: Engine, assembly_id: str) -> None:
    engine.live_previews.withdraw(assembly_id)
    with engine.database.read() as session:
        assembly = repository.get(session, assembly_id)
        files = repository.files_of(session, assembly_id)
    kept = [_keep_aside(engine, assembly, file) for file in files]
    with engine.database.write() as session:
        _save(session, assembly_id, kept)
        repository.get(session, assembly_id).tidied_at = engine.clock()
    if engine.settings.delete_tmp_files:
        shutil.rmtree(engine.settings.tmp_dir / assembly_id, ignore_errors=True)
        engine.upload_files.remove_assembly(assembly_id)


def _save(session: Session, assembly_id: str, files: Sequence[AssemblyFile]) -> None:
    for file in files:
        repository.save_file(session, assembly_id, file)


def _keep_aside(engine: Engine, assembly: Assembly, file: AssemblyFile) -> AssemblyFile:
    """The file as it is from now on: moved to where results rest, or without bytes here."""
    is_stored = file.url is not None or file.object_key is not None
    if file.step == ORIGINAL_STEP and file.url and not file.url.startswith("/"):
        is_stored = False  # Stored elsewhere, and kept here too for a while: a replay begins with it.
    is_shown = file.step == ORIGINAL_STEP or file.step in read_instructions(assembly.steps).result_steps
    if is_stored or not is_shown or file.path is None:
        return replace(file, path=None)
    target = engine.settings.results_dir / assembly.id / file.id
    _move(file.path, target)
    return replace(file, path=target)


def _move(source: Path, target: Path) -> None:
    """Move, unless it was done before."""
    if target.exists() or not source.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
