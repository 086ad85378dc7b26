"""Scratch: what jobs leave for one another in the bucket, and when it goes."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.model import Assembly
from cattube_worker.assembly_folders import folder_name
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.storage import StoreError
from cattube_worker.storage.s3.bucket_store import BucketStore

log = logging.getLogger(__name__)
_ROOT = "scratch"
# Another site may use the same bucket, and its assemblies are unknown here.
_UNKNOWN_SECONDS = 7 * 24 * 3600.0


def scratch_key(assembly_id: str, file_id: str) -> str:
    """Key of a file in the bucket. It does not tell the assembly, as no folder's name does."""
    return f"{_folder(assembly_id)}/{file_id}"


def _folder(assembly_id: str) -> str:
    return f"{_ROOT}/{folder_name(assembly_id)}"


@dataclass(frozen=True, kw_only=True)
class Scratch:
    """Scratch objects. result_seconds: how long results stay that no step stored."""

    store: BucketStore
    database: Database
    clock: Clock
    result_seconds: float

    def at_work(self) -> Sequence[str]:
        """Ids of the assemblies whose files may still be needed."""
        with self.database.read() as session:
            return session.scalars(select(Assembly.id).where(Assembly.tidied_at.is_(None))).all()

    def remove(self, assembly_id: str, *, but: Sequence[AssemblyFile]) -> None:
        """Remove what the jobs of the assembly left, but for these files. What fails is swept later."""
        kept = {file.bucket_key for file in but}
        try:
            if not any(kept):
                self.store.delete_below(_folder(assembly_id))
            else:
                self._delete(set(self.store.keys(_folder(assembly_id), recursive=True)) - kept)
        except StoreError as error:
            log.warning("scratch of assembly %s is removed later: %s", assembly_id, error)

    def sweep(self) -> None:
        """Remove what no assembly needs any more: left by a job that came too late, or a host that died.

        Raises StoreError.
        """
        objects = _by_folder(self.store.stored_at(_ROOT))
        if not objects:
            return
        # Read after the bucket: whatever is in it belongs to an assembly that was known by then.
        with self.database.read() as session:
            query = select(Assembly.id, Assembly.tidied_at, Assembly.ended_at)
            assemblies = {folder_name(row.id): row for row in session.execute(query)}
        for folder, stored_at in objects.items():
            assembly = assemblies.get(folder)
            if assembly is None:
                is_old = max(stored_at.values()).timestamp() < self.clock() - _UNKNOWN_SECONDS
                self._delete(stored_at if is_old else ())
            elif assembly.tidied_at is not None:
                self._delete(stored_at.keys() - self._kept(assembly.id, assembly.ended_at or 0))

    def _kept(self, assembly_id: str, ended_at: float) -> set[str]:
        """Keys of results that no step stored, as long as they have to stay."""
        if ended_at < self.clock() - self.result_seconds:
            return set()
        with self.database.read() as session:
            files = repository.files_of(session, assembly_id)
        return {file.bucket_key for file in files if file.bucket_key}

    def _delete(self, keys: Collection[str]) -> None:
        for key in keys:
            self.store.delete(key)


def _by_folder(stored_at: Mapping[str, datetime]) -> Mapping[str, Mapping[str, datetime]]:
    """The objects of each assembly, by its folder's name."""
    folders: dict[str, dict[str, datetime]] = defaultdict(dict)
    for key, time in stored_at.items():
        folders[key.split("/")[1]][key] = time
    return folders
