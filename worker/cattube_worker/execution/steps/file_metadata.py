"""Additions of a step to the files it made: metadata that takes time to find, and "user_meta"."""

from __future__ import annotations

from dataclasses import replace

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.steps import Step
from cattube_worker.instructions.variables import Scope, interpolate_parameters
from cattube_worker.media.inspect.extended_metadata import InspectedFile, extended_metadata
from cattube_worker.media.workspace import Workspace


def add_extended_metadata(file: AssemblyFile, step: Step, workspace: Workspace) -> AssemblyFile:
    """The file with what the step's "output_meta" asks for. Raises MetadataFailed, CommandTimeout, Stopped.

    Where the step ignores errors of the phase "meta" the file stays as it is.
    """
    keys = step.params.extended_keys
    if not keys or file.path is None:
        return file
    inspected = InspectedFile(path=file.path, type=file.type, meta=file.meta, workspace=workspace)
    try:
        return replace(file, meta={**file.meta, **extended_metadata(inspected, keys)})
    except AssemblyError as error:
        error.step = step.name
        if "meta" not in step.params.ignored_phases:
            raise
        workspace.on_ignored_error(error, step.name, "meta")
        return file


def add_user_meta(file: AssemblyFile, step: Step, scope: Scope) -> AssemblyFile:
    """The file with the step's "user_meta" over its own. scope: of what the file was made of."""
    if not step.params.user_meta:
        return file
    parameters = {"user_meta": step.params.user_meta, "interpolate": step.params.interpolate}
    filled = interpolate_parameters(parameters, replace(scope, result=file))
    return replace(file, user_meta={**file.user_meta, **filled["user_meta"]})
