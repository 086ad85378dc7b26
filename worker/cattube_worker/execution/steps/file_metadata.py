"""What a step says about the files it made: metadata that takes time to find, and its own "user_meta"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cattube_worker.errors import AssemblyError
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.steps import Step
from cattube_worker.instructions.variables import Scope, interpolate_parameters
from cattube_worker.media.inspect.extended_metadata import InspectedFile, extended_metadata
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.tools import Tools
from cattube_worker.robots.shared.base import Phase

# Is told of an error that does not end the job, with the step and the phase it came up in.
OnIgnoredError = Callable[[AssemblyError, str, Phase], None]


@dataclass(frozen=True, kw_only=True)
class MetadataReader:
    """With what files are examined further."""

    tools: Tools
    limits: Limits
    on_ignored_error: OnIgnoredError


def add_extended_metadata(file: AssemblyFile, step: Step, metadata_reader: MetadataReader) -> AssemblyFile:
    """The file with what the step's "output_meta" asks for. Raises MetaFailed, CommandTimeout.

    Where the step ignores errors of the phase "meta" the file stays as it is.
    """
    wanted = step.params.extended_keys
    if not wanted or file.path is None:
        return file
    subject = InspectedFile(
        path=file.path,
        type=file.type,
        meta=file.meta,
        tools=metadata_reader.tools,
        limits=metadata_reader.limits,
    )
    try:
        return replace(file, meta={**file.meta, **extended_metadata(subject, wanted)})
    except AssemblyError as error:
        error.step = step.name
        if "meta" not in step.params.ignored_phases:
            raise
        metadata_reader.on_ignored_error(error, step.name, "meta")
        return file


def add_user_meta(file: AssemblyFile, step: Step, scope: Scope) -> AssemblyFile:
    """The file with the step's "user_meta" over its own. scope: of what the file was made of."""
    if not step.params.user_meta:
        return file
    asked = {"user_meta": step.params.user_meta, "interpolate": step.params.interpolate}
    filled = interpolate_parameters(asked, replace(scope, result=file))
    return replace(file, user_meta={**file.user_meta, **filled["user_meta"]})
