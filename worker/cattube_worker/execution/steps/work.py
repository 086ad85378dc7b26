"""Run a step whose robot works in its own way, and write an entry for each file it made."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cattube_worker.execution.steps.fetched_images import fetch_picture
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.uses import Use
from cattube_worker.media.encode.render import Workspace
from cattube_worker.media.errors import CommandFailed, InvalidInput
from cattube_worker.media.inspect.probe import FileFacts, describe, md5_of
from cattube_worker.protocol.file_names import split_name
from cattube_worker.robots.shared.base import WorkRobot
from cattube_worker.robots.shared.input_files import InputFile, OutputFile


def work(
    files: Sequence[AssemblyFile],
    robot: WorkRobot,
    workspace: Workspace,
    *,
    step: str,
    uses: Sequence[Use] = (),
    trusted_hosts: Collection[str] = (),
) -> list[AssemblyFile]:
    """The files that `robot` makes of all `files` together. uses: gives them their roles.

    trusted_hosts: may be asked for pictures although their address is private.

    Raises AssemblyError, Stopped.
    """
    sources = {_source(file, uses, workspace): file for file in files}
    borrowed = [
        _borrowed(url, role, workspace, trusted_hosts=trusted_hosts) for role, url in robot.borrowed.items()
    ]
    products = robot.make([*sources, *borrowed], workspace)
    if not products and robot.force_accept:
        raise InvalidInput(f'"{files[0].name}" is nothing that {robot.name} can work on.')
    origins = list(dict.fromkeys(origin for file in files for origin in file.stems_from))
    entries = [_entry(each, sources.get(each.source, files[0]), robot, step, workspace) for each in products]
    return [replace(entry, original_ids=origins) for entry in entries] if len(origins) > 1 else entries


def role_of(file: AssemblyFile, uses: Sequence[Use]) -> str | None:
    """What the instructions call this file with "as"."""
    for use in uses:
        if use.step == file.step and (not use.fields or file.field in use.fields):
            return use.role
    return None


def _source(file: AssemblyFile, uses: Sequence[Use], workspace: Workspace) -> InputFile:
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
    )


def _borrowed(url: str, role: str, workspace: Workspace, *, trusted_hosts: Collection[str]) -> InputFile:
    """A picture that the step names by its address. Raises AssemblyError."""
    path = fetch_picture(url, workspace.folder / f"borrowed-{role}", trusted_hosts=trusted_hosts)
    facts = describe(path, name=role, tools=workspace.tools, limits=workspace.limits)
    if facts.type != "image":
        raise InvalidInput(f"{urlsplit(url).hostname or url} gave no picture for this step.")
    return InputFile(
        path=path,
        name=role,
        basename=role,
        ext=facts.ext,
        size_bytes=facts.size_bytes,
        type=facts.type,
        mime=facts.mime,
        meta=facts.meta,
        role=role,
    )


def _meta(file: AssemblyFile, path: Path, workspace: Workspace) -> Mapping[str, Any]:
    """What the file is, where a step's "output_meta" kept it from being written down."""
    if file.type not in {"video", "audio", "image"}:
        return {}
    return describe(path, name=file.name, tools=workspace.tools, limits=workspace.limits).meta


def _entry(
    product: OutputFile, origin: AssemblyFile, robot: WorkRobot, step: str, workspace: Workspace
) -> AssemblyFile:
    facts = _facts(product, workspace)
    basename, ext = split_name(product.name)
    meta: Mapping[str, Any] = {} if robot.output_meta is False else facts.meta
    return replace(
        origin,
        id=uuid.uuid4().hex,
        step=step,
        path=product.path,
        name=product.name,
        basename=basename,
        ext=ext,
        size_bytes=facts.size_bytes,
        mime=facts.mime,
        type=facts.type,
        md5hash=facts.md5hash,
        meta={**meta, **product.meta},
        tus_upload_url=None,
        url=None,
        signed_url=None,
        playlists=[dict(each) for each in product.playlists],
        object_key=None,
    )


def _facts(product: OutputFile, workspace: Workspace) -> FileFacts:
    path, kind = product.path, product.kind
    if not path.is_file() or path.stat().st_size == 0:
        raise CommandFailed(f'"{product.source.name}" could not be processed: nothing came out.')
    if kind is None:
        return describe(path, name=product.name, tools=workspace.tools, limits=workspace.limits)
    return FileFacts(
        mime=kind.mime, type=kind.type, ext=kind.ext, size_bytes=path.stat().st_size, md5hash=md5_of(path)
    )
