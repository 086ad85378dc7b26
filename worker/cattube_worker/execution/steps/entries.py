"""Entries of an assembly as robots see them, and what robots made as entries."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cattube_worker.assemblies.uploads.original_file import original_file
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.uses import Use
from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.file_facts import FileFacts, md5_of
from cattube_worker.media.workspace import Workspace
from cattube_worker.protocol.file_names import clean_name
from cattube_worker.robots import Robot
from cattube_worker.robots.shared.filter_robot import Read
from cattube_worker.robots.shared.import_robot import ImportedFile, ImportRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile, as_written, link_or_copy


def role_of(file: AssemblyFile, uses: Sequence[Use]) -> str | None:
    """The role that the instructions give this file with "as"."""
    for use in uses:
        if use.step == file.step and (not use.fields or file.field in use.fields):
            return use.role
    return None


def input_file(
    file: AssemblyFile, uses: Sequence[Use], workspace: Workspace, *, read: Read = as_written
) -> InputFile:
    """The file as a robot sees it. read: reads a text with variables about it.

    Raises InvalidInput, CommandFailed where there is nothing to see.
    """
    if file.path is None:
        raise CommandFailed(f'The bytes of "{file.name}" are gone.')
    if file.size_bytes == 0:
        raise InvalidInput(f'"{file.name}" is empty: it has no bytes.')
    return InputFile(
        path=file.path,
        name=file.name,
        basename=file.basename,
        ext=file.ext,
        size_bytes=file.size_bytes,
        type=file.type,
        mime=file.mime,
        meta=file.meta or _meta(file, file.path, workspace),
        role=role_of(file, uses),
        read=read,
    )


def entry_of(
    output: OutputFile, origin: AssemblyFile, *, step: str, robot: Robot, workspace: Workspace
) -> AssemblyFile:
    """The entry of a file that a step made of `origin`. Raises CommandFailed when there is no such file."""
    facts = _facts(output, workspace)
    return origin.derived(
        step=step,
        path=output.path,
        name=output.name,
        facts=facts,
        meta={**meta_for(robot, facts), **output.meta},
        playlists=output.playlists,
    )


def imported_entry(
    imported: ImportedFile, index: int, *, step: str, robot: ImportRobot, workspace: Workspace
) -> AssemblyFile:
    """The entry of a file that an import step brought, which is its own original."""
    name = clean_name(robot.name_of(imported, index))
    facts = workspace.describe(imported.path, name=name)
    entry = original_file(imported.path, facts, file_id=uuid.uuid4().hex, name=name, field=None)
    return replace(
        entry,
        step=step,
        original_path=imported.folder,
        meta=meta_for(robot, facts),
        import_url=imported.import_url,
        bucket_key=imported.shared_key,
    )


def passed_entry(file: AssemblyFile, *, step: str, folder: Path) -> AssemblyFile:
    """The entry of a file that a step hands on as it is.

    Its bytes are its own, by a link: each entry's bytes are kept and removed by themselves.
    """
    path = None
    if file.path is not None:
        path = folder / "passed"
        link_or_copy(file.path, path)
    return file.handed_on(step=step, path=path)


def meta_for(robot: Robot, facts: FileFacts) -> dict[str, Any]:
    """Metadata for an entry: all that is known of its file, unless the step wants none."""
    return {} if robot.output_meta is False else facts.meta


def _meta(file: AssemblyFile, path: Path, workspace: Workspace) -> Mapping[str, Any]:
    """Metadata that a step's "output_meta" kept from being written down."""
    if file.type not in {"video", "audio", "image"}:
        return {}
    return workspace.describe(path, name=file.name).meta


def _facts(output: OutputFile, workspace: Workspace) -> FileFacts:
    path, kind = output.path, output.kind
    if not path.is_file() or path.stat().st_size == 0:
        raise CommandFailed(f'"{output.source.name}" could not be processed: nothing came out.')
    if kind is None:
        return workspace.describe(path, name=output.name)
    return FileFacts(
        mime=kind.mime, type=kind.type, ext=kind.ext, size_bytes=path.stat().st_size, md5hash=md5_of(path)
    )
