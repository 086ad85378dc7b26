"""Doing an ended assembly again, with the files it had.

The files are taken from where they rest: from the folder that stands in for a bucket as long as they are
there, else from what is kept aside for RESULT_EXPIRES_HOURS. They are linked, not copied.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cattube_worker.assemblies import repository
from cattube_worker.assemblies.create import CreateRequest, add_assembly, new_assembly_id
from cattube_worker.assemblies.model import Assembly, Upload
from cattube_worker.assemblies.received_files import ReceivedFile
from cattube_worker.assemblies.templates import stored_templates
from cattube_worker.assemblies.templates.template import Template
from cattube_worker.assemblies.uploads import new_upload_id
from cattube_worker.engine import Engine
from cattube_worker.errors import BadRequest
from cattube_worker.execution.task_runner import original_id
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.template_merge import lay_over, merge
from cattube_worker.protocol.auth import Auth
from cattube_worker.protocol.params import Params
from cattube_worker.protocol.replay_params import read_overrides, reparses_template
from cattube_worker.storage import StoreError

Instructed = tuple[Template | None, dict[str, Any]]


class NotFinished(BadRequest):
    """The assembly is still at work."""

    code = "ASSEMBLY_NOT_FINISHED"


class CannotBeReplayed(BadRequest):
    """The files that the assembly had are not here any more, or never were."""

    code = "ASSEMBLY_CANNOT_BE_REPLAYED"


@dataclass(frozen=True, kw_only=True)
class ReplayRequest:
    """Which assembly to do again, and what to do otherwise than the first time."""

    parent_id: str
    document: Mapping[str, Any]
    base_url: str
    client: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Parent:
    """The assembly to do again. files: what became of its uploads, by the ids of those."""

    assembly: Assembly
    uploads: Sequence[Upload]
    files: Mapping[str, AssemblyFile]


def replay(engine: Engine, asked: ReplayRequest) -> Assembly:
    """The new assembly, under way.

    Raises AssemblyNotFound, NotFinished, CannotBeReplayed, or as `create`.
    """
    parent = _find(engine, asked.parent_id)
    overrides = read_overrides(asked.document, step_names=_step_names(parent.assembly))
    child_id = new_assembly_id()
    document = lay_over(_document(parent.assembly.params), overrides)
    with _taken_over(engine, parent, child_id) as files, engine.database.write() as session:
        request = CreateRequest(
            params=_params(parent.assembly, document),
            assembly_id=child_id,
            base_url=asked.base_url,
            expected_uploads=0,
            form_fields={**parent.assembly.fields, **overrides.get("fields", {})},
            files=files,
            client=asked.client,
        )
        if reparses_template(asked.document):
            template, merged = _as_it_is(session, engine, document)
        else:
            template, merged = _as_it_was(parent.assembly, overrides)
        now = engine.clock()
        bounds, parent_id = engine.bounds, asked.parent_id
        return add_assembly(
            session, request, merged, template=template, bounds=bounds, now=now, parent_id=parent_id
        )


def _find(engine: Engine, assembly_id: str) -> _Parent:
    with engine.database.read() as session:
        assembly = repository.get(session, assembly_id)
        uploads = repository.uploads_of(session, assembly_id)
        files = {file.id: file for file in repository.files_of(session, assembly_id)}
    if not assembly.is_final:
        raise NotFinished("The assembly is still at work. Wait for its end, or cancel it.")
    if len(uploads) < assembly.expected_uploads or any(each.finished_at is None for each in uploads):
        raise CannotBeReplayed("Not all files of this assembly arrived. Create a new one.")
    found = {each.id: files[original_id(each)] for each in uploads if original_id(each) in files}
    return _Parent(assembly=assembly, uploads=uploads, files=found)


def _as_it_was(parent: Assembly, overrides: Mapping[str, Any]) -> Instructed:
    """The template of the time when the parent was made, and what is done by it."""
    return _template_then(parent), merge(_document(parent.merged_params), overrides)


def _as_it_is(session: Session, engine: Engine, document: Mapping[str, Any]) -> Instructed:
    """The template of today, and what is done by it."""
    wanted = document.get("template_id")
    if wanted is None:
        return None, merge({}, document)
    template = stored_templates.find(session, engine.templates, wanted)
    return template, merge(template.content, document)


def _template_then(parent: Assembly) -> Template | None:
    if parent.template_id is None or parent.template is None:
        return None
    name = parent.template_name or parent.template_id
    return Template(id=parent.template_id, name=name, content=_document(parent.template))


@contextmanager
def _taken_over(engine: Engine, parent: _Parent, child_id: str) -> Iterator[list[ReceivedFile]]:
    """The parent's uploads as those of the child; given back if the block raises."""
    files: list[ReceivedFile] = []
    try:
        for upload in parent.uploads:
            files.append(_take_over(engine, parent, upload, new_upload_id(child_id)))
        yield files
    except BaseException:
        engine.upload_files.remove_assembly(child_id)
        raise


def _take_over(engine: Engine, parent: _Parent, upload: Upload, upload_id: str) -> ReceivedFile:
    for source in _resting_places(engine, parent.assembly.id, upload, parent.files.get(upload.id)):
        try:
            engine.upload_files.adopt(upload_id, source)
        except FileNotFoundError:
            continue
        return ReceivedFile(
            id=upload_id,
            filename=upload.filename,
            fieldname=upload.fieldname,
            size_bytes=upload.size_bytes or 0,
            user_meta=upload.user_meta,
        )
    raise CannotBeReplayed(f'The bytes of "{upload.filename}" are not kept any more. Create a new assembly.')


def _resting_places(
    engine: Engine, assembly_id: str, upload: Upload, file: AssemblyFile | None
) -> Iterator[Path]:
    """Where an upload's bytes may lie, in the order in which they move on."""
    yield engine.upload_files.path(upload.id)
    yield engine.settings.results_dir / assembly_id / original_id(upload)
    if file is not None and file.object_key and (file.url or "/").startswith("/"):
        try:
            yield engine.local_store.path_of(file.object_key)
        except StoreError:
            return


def _params(parent: Assembly, document: Mapping[str, Any]) -> Params:
    # Not read again: whoever replays has signed for it, and params by POST /videos have no "auth".
    text = json.dumps(document, ensure_ascii=False)
    return Params(text=text, document=document, auth=Auth(key=parent.auth_key))


def _step_names(parent: Assembly) -> list[str]:
    return list(_document(parent.steps))


def _document(text: str) -> dict[str, Any]:
    return dict(json.loads(text))
