"""Replays: doing an assembly again, with the files it had."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.creation.bounds import Bounds
from cattube_worker.assemblies.creation.create import CreateRequest, add_assembly, new_assembly_id
from cattube_worker.assemblies.model import UPLOADING, Assembly, Upload
from cattube_worker.assemblies.templates import stored_templates
from cattube_worker.assemblies.templates.template import Template
from cattube_worker.assemblies.uploads.original_file import original_id
from cattube_worker.clock import Clock
from cattube_worker.database import Database
from cattube_worker.errors import BadRequest
from cattube_worker.execution.replays.original_files import CannotBeReplayed, OriginalFiles
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.template_merge import lay_over, merge
from cattube_worker.protocol.params.auth import Auth
from cattube_worker.protocol.params.params import Params
from cattube_worker.protocol.params.replay_params import read_overrides, reparses_template

# A template, if there is one, and the instructions that it gives together with a request.
_Merged = tuple[Template | None, dict[str, Any]]


class NotFinished(BadRequest):
    """The assembly still waits for files."""

    code = "ASSEMBLY_NOT_FINISHED"


@dataclass(frozen=True, kw_only=True)
class ReplayRequest:
    """The assembly to do again, and in `document` what to do otherwise than the first time."""

    parent_id: str
    document: Mapping[str, Any]
    base_url: str
    client: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Parent:
    """The assembly to do again. files: those that its uploads became, by the ids of the uploads."""

    assembly: Assembly
    uploads: Sequence[Upload]
    files: Mapping[str, AssemblyFile]


@dataclass(frozen=True, kw_only=True)
class Replays:
    """Makes new assemblies of those that have all their files, whether they have ended or not."""

    database: Database
    clock: Clock
    templates: Mapping[str, Template]
    bounds: Bounds
    originals: OriginalFiles

    def replay(self, request: ReplayRequest) -> Assembly:
        """The new assembly, under way.

        Raises AssemblyNotFound, NotFinished, CannotBeReplayed, or as `create`.
        """
        parent = self._find(request.parent_id)
        try:
            return self._replay(request, parent)
        except CannotBeReplayed:
            if parent.assembly.is_final:
                raise
        # It ended meanwhile, and its files have moved on.
        return self._replay(request, self._find(request.parent_id))

    def _replay(self, request: ReplayRequest, parent: _Parent) -> Assembly:
        """As `replay`, of an assembly that was found."""
        overrides = read_overrides(request.document, step_names=_step_names(parent.assembly))
        child_id = new_assembly_id()
        document = lay_over(_document(parent.assembly.params), overrides)
        adopted = self.originals.adopted(parent.uploads, parent.files, child_id)
        with adopted as files, self.database.write() as session:
            creation = CreateRequest(
                params=_params(parent.assembly, document),
                assembly_id=child_id,
                base_url=request.base_url,
                expected_uploads=0,
                form_fields={**parent.assembly.fields, **overrides.get("fields", {})},
                files=files,
                client=request.client,
                # Whoever replays has signed; what the first request said stays what it was.
                is_signed=parent.assembly.is_signed,
            )
            if reparses_template(request.document):
                template, merged = self._template_now(session, document)
            else:
                template, merged = _template_then(parent.assembly, overrides)
            return add_assembly(
                session,
                creation,
                merged,
                template=template,
                bounds=self.bounds,
                now=self.clock(),
                parent_id=request.parent_id,
            )

    def _find(self, assembly_id: str) -> _Parent:
        with self.database.read() as session:
            assembly = repository.get(session, assembly_id)
            uploads = repository.uploads_of(session, assembly_id)
            files = {file.id: file for file in repository.files_of(session, assembly_id)}
        if assembly.state == UPLOADING:
            raise NotFinished("The assembly still waits for files. Send them, or create a new one.")
        is_incomplete = any(upload.finished_at is None for upload in uploads)
        if len(uploads) < assembly.expected_uploads or is_incomplete:
            raise CannotBeReplayed("Not all files of this assembly arrived. Create a new one.")
        originals = {
            upload.id: files[original_id(upload)] for upload in uploads if original_id(upload) in files
        }
        return _Parent(assembly=assembly, uploads=uploads, files=originals)

    def _template_now(self, session: Session, document: Mapping[str, Any]) -> _Merged:
        """The template of today, merged with the request."""
        template_id = document.get("template_id")
        if template_id is None:
            return None, merge({}, document)
        template = stored_templates.find(session, self.templates, template_id)
        return template, merge(template.content, document)


def _template_then(parent: Assembly, overrides: Mapping[str, Any]) -> _Merged:
    """The template of the time when the parent was made, merged with what is to be done otherwise."""
    merged = merge(_document(parent.merged_params), overrides)
    if parent.template_id is None or parent.template is None:
        return None, merged
    name = parent.template_name or parent.template_id
    return Template(id=parent.template_id, name=name, content=_document(parent.template)), merged


def _params(parent: Assembly, document: Mapping[str, Any]) -> Params:
    # Not read again: whoever replays has signed for it, and params by POST /videos have no "auth".
    text = json.dumps(document, ensure_ascii=False)
    return Params(text=text, document=document, auth=Auth(key=parent.auth_key))


def _step_names(parent: Assembly) -> list[str]:
    return list(_document(parent.steps))


def _document(text: str) -> dict[str, Any]:
    return dict(json.loads(text))
