"""Run an import step: bring files in and write an entry for each, as for an upload."""

from __future__ import annotations

import uuid
from dataclasses import replace

from cattube_worker.assemblies.original_file import original_file
from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.inspect.probe import FileFacts, describe
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import Stopped
from cattube_worker.media.process.tools import Tools
from cattube_worker.protocol.file_names import clean_name
from cattube_worker.robots.shared.import_robot import ImportContext, ImportedFile, ImportRobot


def import_files(
    robot: ImportRobot, import_context: ImportContext, *, step: str, tools: Tools, limits: Limits
) -> list[AssemblyFile]:
    """The files that `robot` brings; each is its own original. Raises AssemblyError, Stopped."""
    files = []
    try:
        for index, imported_file in enumerate(robot.fetch(import_context)):
            name = clean_name(robot.name_of(imported_file, index))
            facts = describe(imported_file.path, name=name, tools=tools, limits=limits)
            files.append(_entry(imported_file, facts, name=name, step=step, robot=robot))
    except AssemblyError:
        # A transfer that was given up ends with some error or other.
        if not import_context.stop.is_set():
            raise
    if import_context.stop.is_set():
        raise Stopped
    return files


def _entry(
    imported_file: ImportedFile, facts: FileFacts, *, name: str, step: str, robot: ImportRobot
) -> AssemblyFile:
    entry = original_file(imported_file.path, facts, file_id=uuid.uuid4().hex, name=name, field=None)
    return replace(
        entry,
        step=step,
        original_path=imported_file.folder,
        meta={} if robot.output_meta is False else facts.meta,
        import_url=imported_file.import_url,
    )
