"""Run a filter step: hand a file on as the step's own, or not."""

from __future__ import annotations

import dataclasses
import os
import shutil
import uuid
from pathlib import Path

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.variables import Scope, value_of
from cattube_worker.robots.file_filter import FileFilter


class Declined(AssemblyError):
    code, status = "FILE_FILTER_DECLINED_FILE", 400


class InvalidFilter(AssemblyError):
    code, status = "FILE_FILTER_VALIDATION", 400


def filter_file(
    file: AssemblyFile, robot: FileFilter, scope: Scope, *, step: str, folder: Path
) -> list[AssemblyFile]:
    """The file as one of this step's, or nothing.

    Raises Declined where the step asks for that; InvalidFilter.
    """
    if passes(robot, scope, step=step):
        return [_handed_on(file, step=step, folder=folder)]
    if robot.error_on_decline:
        raise Declined(robot.error_msg)
    return []


def passes(robot: FileFilter, scope: Scope, *, step: str) -> bool:
    """Whether the filter lets the scope's file through. Raises InvalidFilter."""
    try:
        return robot.passes(lambda side: value_of(side, scope))
    except ValueError as error:  # a pattern that came out of a variable
        raise InvalidFilter(f'The filter "{step}": {error}.', step=step) from error


def _handed_on(file: AssemblyFile, *, step: str, folder: Path) -> AssemblyFile:
    """An entry with bytes of its own, by a link: each entry's bytes are kept and removed by themselves."""
    path = file.path
    if path is not None:
        path = folder / "passed"
        try:
            os.link(file.path or path, path)
        except OSError:
            shutil.copyfile(file.path or path, path)
    return dataclasses.replace(
        file,
        id=uuid.uuid4().hex,
        step=step,
        path=path,
        tus_upload_url=None,
        url=None,
        signed_url=None,
        object_key=None,
    )
