"""The files that clients sent, found again when their assembly has ended.

They are taken from the folder that stands in for a bucket as long as they are there, else from the results
that are kept for RESULT_EXPIRES_HOURS. They are linked, not copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cattube_worker.assemblies.model import Upload
from cattube_worker.assemblies.uploads.original_file import original_id
from cattube_worker.assemblies.uploads.received_files import ReceivedFile
from cattube_worker.assemblies.uploads.uploads import new_upload_id
from cattube_worker.errors import BadRequest
from cattube_worker.execution.result_files import ResultFiles
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.storage import StoreError
from cattube_worker.storage.local import LocalStore
from cattube_worker.tus.upload_files import UploadFiles


class CannotBeReplayed(BadRequest):
    """The files that the assembly had are not here any more, or never were."""

    code = "ASSEMBLY_CANNOT_BE_REPLAYED"


@dataclass(frozen=True, kw_only=True)
class OriginalFiles:
    """Makes uploads of those of an assembly that has ended."""

    upload_files: UploadFiles
    results: ResultFiles
    local_store: LocalStore

    @contextmanager
    def adopted(
        self, uploads: Sequence[Upload], files: Mapping[str, AssemblyFile], child_id: str
    ) -> Iterator[list[ReceivedFile]]:
        """The uploads as those of the assembly `child_id`; removed again if the block raises.

        files: those that the uploads became, by the ids of the uploads. Raises CannotBeReplayed.
        """
        try:
            yield [self._adopt(upload, files.get(upload.id), new_upload_id(child_id)) for upload in uploads]
        except BaseException:
            self.upload_files.remove_assembly(child_id)
            raise

    def _adopt(self, upload: Upload, file: AssemblyFile | None, upload_id: str) -> ReceivedFile:
        for source in self._places(upload, file):
            try:
                self.upload_files.adopt(upload_id, source)
            except FileNotFoundError:
                continue
            return ReceivedFile(
                id=upload_id,
                filename=upload.filename,
                fieldname=upload.fieldname,
                size_bytes=upload.size_bytes or 0,
                user_meta=upload.user_meta,
                host=self.upload_files.host,
            )
        raise CannotBeReplayed(
            f'The bytes of "{upload.filename}" are not kept any more. Create a new assembly.'
        )

    def _places(self, upload: Upload, file: AssemblyFile | None) -> Iterator[Path]:
        """Paths at which the upload's bytes may lie, in the order in which they move on."""
        yield self.upload_files.path(upload.id)
        yield self.results.path(upload.assembly_id, original_id(upload))
        if file is not None and file.object_key and (file.url or "/").startswith("/"):
            try:
                yield self.local_store.path_of(file.object_key)
            except StoreError:
                return
