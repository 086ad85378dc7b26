"""Probing an upload that is complete: the first job of each file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cattube_worker.assemblies.addresses import tus_url
from cattube_worker.assemblies.model import Upload
from cattube_worker.assemblies.uploads.original_file import original_file, original_id
from cattube_worker.clock import Clock
from cattube_worker.execution.jobs.task import Task
from cattube_worker.execution.resources import Resources
from cattube_worker.execution.steps.file_metadata import add_extended_metadata, add_user_meta
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP, AssemblyFile
from cattube_worker.instructions.compile import read_instructions
from cattube_worker.instructions.variables import Scope
from cattube_worker.media.inspect.probe import describe
from cattube_worker.media.workspace import Workspace
from cattube_worker.tus.digests import Digests
from cattube_worker.tus.upload_files import UploadFiles


@dataclass(frozen=True, kw_only=True)
class UploadProbe:
    """Makes files of uploads. digests: taken while the bytes came."""

    clock: Clock
    files: UploadFiles
    digests: Digests
    resources: Resources

    def probe(self, task: Task, upload: Upload, path: Path, workspace: Workspace) -> AssemblyFile:
        """The upload as the step ":original" wants it. path: of its bytes. Raises MetadataFailed."""
        step = read_instructions(task.steps).steps[ORIGINAL_STEP]
        file = self._describe(upload, path, base_url=task.base_url)
        if step.params.output_meta is False:
            file = replace(file, meta={})
        file = add_extended_metadata(file, step, workspace)
        # On the host that has it, wherever it was probed.
        file = replace(file, path=self.files.path(upload.id))
        scope = Scope(
            assembly_id=task.lease.assembly_id,
            parent_id=task.parent_id,
            fields=task.fields,
            file=file,
            now_ms=int(self.clock() * 1000),
        )
        return add_user_meta(file, step, scope)

    def _describe(self, upload: Upload, path: Path, *, base_url: str) -> AssemblyFile:
        """The upload as a file of the assembly, with what it really is."""
        facts = describe(
            path,
            name=upload.filename,
            tools=self.resources.tools,
            limits=self.resources.limits,
            digest=lambda path: self.digests.take(upload.id, path),
        )
        return original_file(
            path,
            facts,
            file_id=original_id(upload),
            name=upload.filename,
            field=upload.fieldname,
            user_meta=upload.user_meta,
            tus_upload_url=tus_url(base_url) + upload.id if upload.is_tus else None,
        )
