"""Cleaning up behind assemblies that have ended.

Stored files live in the store; results that no step stored are kept for a while; the rest goes. All of it can
be repeated: when a worker dies in between, the next one does it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import FINAL_STATES, Assembly, Upload, UsedNonce
from cattube_worker.assemblies.old_assemblies import delete_old
from cattube_worker.assembly_folders import names_of, remove_tree
from cattube_worker.execution.job_files.job_files import JobFiles
from cattube_worker.execution.jobs.jobs import Jobs
from cattube_worker.execution.result_files import ResultFiles
from cattube_worker.execution.uploads.uploads import Uploads
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile
from cattube_worker.instructions.compile import read_instructions

ASSEMBLIES_AT_ONCE = 50
BATCHES_AT_ONCE = 40
STRAY_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class Cleanup:
    """Removes what nobody needs any more.

    assembly_roots: where there may be a folder for each assembly that is under way.
    result_seconds: how long results stay that no step stored.
    kept_seconds: how long assemblies stay after their end; None for ever.
    """

    jobs: Jobs
    files: JobFiles
    uploads: Uploads
    results: ResultFiles
    assembly_roots: Sequence[Path]
    result_seconds: float
    kept_seconds: float | None
    deletes_tmp_files: bool

    def tidy_ended(self) -> bool:
        """Tidy up after some assemblies that have ended, and tell if there were any."""
        with self.jobs.database.read() as session:
            query = select(Assembly.id).where(Assembly.tidied_at.is_(None), Assembly.state.in_(FINAL_STATES))
            ended = [
                assembly_id
                for assembly_id in session.scalars(query.where(*self._is_ours()).limit(ASSEMBLIES_AT_ONCE))
                if not self.jobs.running.of(assembly_id)
            ]
        for assembly_id in ended:
            self.tidy(assembly_id)
        return bool(ended)

    def tidy(self, assembly_id: str) -> None:
        """Keep the results of an ended assembly that no step stored, and remove its other files."""
        self.jobs.folders.live_previews.withdraw(assembly_id)
        with self.jobs.database.read() as session:
            assembly = repository.get(session, assembly_id)
            files = repository.files_of(session, assembly_id)
        files = [self._keep(assembly, file) for file in files]
        with self.jobs.database.write() as session:
            for file in files:
                repository.save_file(session, assembly_id, file)
        if self.deletes_tmp_files:
            self.files.remove(assembly_id, but=files)
            self.jobs.folders.remove_assembly(assembly_id)
            self.uploads.files.remove_assembly(assembly_id)
        # The last thing: an engine that dies before it does all of this again.
        with self.jobs.database.write() as session:
            repository.get(session, assembly_id).tidied_at = self.jobs.clock()

    def _is_ours(self) -> list[ColumnElement[bool]]:
        """Conditions that no other host is to tidy the assembly up.

        The one that has its uploads keeps them for replays. After a while any host stands in for it.
        """
        if self.files.host is None:
            return []
        is_elsewhere = (
            select(Upload.id)
            .where(Upload.assembly_id == Assembly.id, Upload.host != self.files.host)
            .exists()
        )
        return [or_(~is_elsewhere, Assembly.ended_at < self.jobs.clock() - STRAY_SECONDS)]

    def expire_results(self) -> None:
        """Remove results that were kept long enough, and nonces that no signature needs any more."""
        now = self.jobs.clock()
        self.results.remove_before(now - self.result_seconds)
        with self.jobs.database.write() as session:
            session.execute(delete(UsedNonce).where(UsedNonce.expires_at < now))

    def forget_old(self) -> None:
        """Delete assemblies that ended long ago, with their delivery logs: some of them at each sweep."""
        if self.kept_seconds is None:
            return
        for _ in range(BATCHES_AT_ONCE):
            # A transaction for each batch, so that others may write in between.
            with self.jobs.database.write() as session:
                old = delete_old(
                    session, ended_before=self.jobs.clock() - self.kept_seconds, limit=ASSEMBLIES_AT_ONCE
                )
            for assembly_id in old:
                self.results.remove_assembly(assembly_id)
            if len(old) < ASSEMBLIES_AT_ONCE:
                return

    def remove_strays(self) -> None:
        """Remove folders that no assembly at work owns: left by a worker that died at the wrong moment.

        Also the links by which people watched what lay there.
        """
        self.jobs.folders.live_previews.sweep()
        young_since = self.jobs.clock() - STRAY_SECONDS
        with self.jobs.database.read() as session:
            needed = _names_where(session, Assembly.tidied_at.is_(None))
            # Tidied up by another host, which does not reach the folders here.
            ended = _names_where(session, Assembly.tidied_at >= young_since)
        if not self.deletes_tmp_files:
            return
        for root in self.assembly_roots:
            for folder in root.iterdir():
                # A young one may belong to a form whose assembly is only being made.
                is_done_with = folder.name in ended or folder.stat().st_mtime < young_since
                if is_done_with and folder.name not in needed:
                    remove_tree(folder)

    def sweep_files(self) -> None:
        """Remove what jobs left for one another and nobody needs any more. Raises StoreError."""
        if self.deletes_tmp_files:
            self.files.sweep()

    def _keep(self, assembly: Assembly, file: AssemblyFile) -> AssemblyFile:
        """The file as it is from now on: kept among the results, or without bytes here."""
        is_stored = file.url is not None or file.object_key is not None
        if file.step == ORIGINAL_STEP and file.url and not file.url.startswith("/"):
            is_stored = False  # Stored elsewhere, and kept here too for a while: a replay begins with it.
        is_shown = file.step == ORIGINAL_STEP or file.step in read_instructions(assembly.steps).result_steps
        if is_stored or not is_shown:
            return replace(file, path=None, bucket_key=None)
        if file.step != ORIGINAL_STEP and file.bucket_key is not None:
            return replace(file, path=None)  # Every host finds it there.
        path = self.files.path_here(assembly.id, file)
        if path is None:
            return replace(file, path=None)
        return replace(file, path=self.results.keep(path, assembly.id, file.id), bucket_key=None)


def _names_where(session: Session, condition: ColumnElement[bool]) -> set[str]:
    """Names that the folders of these assemblies may have."""
    ids = session.scalars(select(Assembly.id).where(condition))
    return {name for assembly_id in ids for name in names_of(assembly_id)}
