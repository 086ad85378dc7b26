"""Files of jobs on several hosts: what jobs leave lies in the bucket, uploads on the hosts that took them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cattube_worker.assemblies.model import Upload
from cattube_worker.database import Database
from cattube_worker.execution.job_files.errors import DamagedFile, SourceAway
from cattube_worker.execution.job_files.file_cache import FileCache, cached_name
from cattube_worker.execution.job_files.job_files import Holding, JobFiles
from cattube_worker.execution.job_files.scratch import Scratch, scratch_key
from cattube_worker.execution.job_files.sources import Origin, Sources, find_origin
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.file_facts import md5_of
from cattube_worker.storage import StoreError
from cattube_worker.tus.upload_files import UploadFiles

log = logging.getLogger(__name__)
_THREADS = 4
# Of a file that came damaged, before the job has failed.
_FETCHES = 2


@dataclass(frozen=True, kw_only=True)
class BucketFiles(JobFiles):
    """Files are brought when a job needs them and this host has not got them.

    root: below which all files of this host lie; another host's path may be that of another file here.
    """

    root: Path
    database: Database
    scratch: Scratch
    cache: FileCache
    sources: Sources
    uploads: UploadFiles

    @property
    def host(self) -> str | None:
        return self.uploads.host

    def bring(self, files: Sequence[AssemblyFile], holding: Holding) -> list[AssemblyFile]:
        return [self._bring(file, holding) for file in files]

    def path_here(self, assembly_id: str, file: AssemblyFile) -> Path | None:
        return self._path_here(file, self._origin(assembly_id, file))

    def bring_upload(self, upload: Upload, holding: Holding) -> Path:
        path = self.uploads.path(upload.id)
        if _is_whole(path, upload.size_bytes):
            return path
        return self._hold(
            cached_name(upload),
            upload.size_bytes or 0,
            holding,
            lambda target: self.sources.fetch_upload(upload, target, holding.stop),
        )

    def leave(
        self, assembly_id: str, files: Sequence[AssemblyFile], *, steps: Collection[str]
    ) -> list[AssemblyFile]:
        with ThreadPoolExecutor(_THREADS, "leave") as pool:
            return list(pool.map(partial(self._leave, assembly_id, steps), files))

    def remove(self, assembly_id: str, *, but: Sequence[AssemblyFile]) -> None:
        self.cache.remove_assembly(assembly_id)
        self.scratch.remove(assembly_id, but=but)

    def sweep(self) -> None:
        self.cache.sweep(self.scratch.at_work)
        self.scratch.sweep()

    def _bring(self, file: AssemblyFile, holding: Holding) -> AssemblyFile:
        origin = self._origin(holding.assembly_id, file)
        path = self._path_here(file, origin)
        if path is None:
            # A file that is made again keeps its id.
            name = f"{file.id}-{file.md5hash}" if origin.upload is None else cached_name(origin.upload)
            path = self._hold(name, file.size_bytes, holding, partial(self._fetch, file, origin, holding))
        return replace(file, path=path)

    def _path_here(self, file: AssemblyFile, origin: Origin) -> Path | None:
        """Where the file was made, or where its upload came to, if that was on this host."""
        upload_path = self.uploads.path(origin.upload.id) if origin.upload is not None else None
        for path in (file.path, upload_path):
            if path is not None and path.is_relative_to(self.root) and _is_whole(path, file.size_bytes):
                return path
        return None

    def _origin(self, assembly_id: str, file: AssemblyFile) -> Origin:
        with self.database.read() as session:
            origin = find_origin(session, assembly_id, file)
        # Where a step has stored it, if that was in this bucket. Whatever comes from there is checked.
        return replace(origin, keys=(*origin.keys, file.object_key)) if file.object_key else origin

    def _hold(self, name: str, size_bytes: int, holding: Holding, fetch: Callable[[Path], None]) -> Path:
        return self.cache.hold(
            holding.assembly_id,
            name,
            size_bytes=size_bytes,
            fetch=fetch,
            held=holding.held,
            stop=holding.stop,
        )

    def _fetch(self, file: AssemblyFile, origin: Origin, holding: Holding, target: Path) -> None:
        for _ in range(_FETCHES):
            self.sources.fetch(file, origin, target, holding.stop)
            if md5_of(target) == file.md5hash:
                return
            log.warning("file %s of assembly %s came damaged", file.id, holding.assembly_id)
            target.unlink()
        raise DamagedFile(f"{file.name} came damaged from where it lies.")

    def _leave(self, assembly_id: str, steps: Collection[str], file: AssemblyFile) -> AssemblyFile:
        """The file with the key under which all hosts find it, if it has to have one."""
        if file.bucket_key:
            return file
        if file.object_key:
            # Stored by this job: jobs after it find the original there, even without the host that took it.
            is_here = file.url == self.scratch.store.url(file.object_key)
            return replace(file, bucket_key=file.object_key) if is_here else file
        if file.path is None or file.step not in steps:
            return file
        if file.is_as_it_came and self._origin(assembly_id, file).upload is not None:
            return file  # It lies where it was sent to.
        key = scratch_key(assembly_id, file.id)
        try:
            self.scratch.store.put(key, file.path, content_type=file.mime)
        except StoreError as error:
            if not error.retryable:
                raise
            raise SourceAway(str(error)) from error
        return replace(file, bucket_key=key)


def _is_whole(path: Path, size_bytes: int | None) -> bool:
    return path.is_file() and path.stat().st_size == size_bytes
