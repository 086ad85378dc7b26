"""Files of jobs on one host: they stay in the folders in which they were made."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from cattube_worker.assemblies.model import Upload
from cattube_worker.execution.job_files.errors import BytesGone
from cattube_worker.execution.job_files.job_files import Holding, JobFiles
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.tus.upload_files import UploadFiles


class FolderFiles(JobFiles):
    """Nothing is copied, and what jobs leave goes with their folders."""

    def __init__(self, uploads: UploadFiles) -> None:
        self._uploads = uploads

    @property
    def host(self) -> None:
        return None

    def bring(self, files: Sequence[AssemblyFile], _holding: Holding) -> list[AssemblyFile]:
        for file in files:
            if file.path is not None and not file.path.exists():
                raise BytesGone(file.name, file_id=file.id)
        return list(files)

    def path_here(self, _assembly_id: str, file: AssemblyFile) -> Path | None:
        return file.path

    def bring_upload(self, upload: Upload, _holding: Holding) -> Path:
        return self._uploads.path(upload.id)

    def leave(
        self, _assembly_id: str, files: Sequence[AssemblyFile], *, steps: Collection[str]
    ) -> list[AssemblyFile]:
        return list(files)

    def remove(self, assembly_id: str, *, but: Sequence[AssemblyFile]) -> None:
        pass

    def sweep(self) -> None:
        pass
