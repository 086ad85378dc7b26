"""Run one job: its node's robots over its input files."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from cattube_worker.errors import AssemblyError
from cattube_worker.execution.steps.fetched_images import local_watermark
from cattube_worker.execution.steps.file_metadata import (
    MetadataReader,
    OnIgnoredError,
    add_extended_metadata,
    add_user_meta,
)
from cattube_worker.execution.steps.filters import filter_file, passes
from cattube_worker.execution.steps.frames import MediaStep, make_media
from cattube_worker.execution.steps.imports import import_files
from cattube_worker.execution.steps.prepared_output import PreparedOutput
from cattube_worker.execution.steps.stores import store_file
from cattube_worker.execution.steps.work import role_of, work
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.plan import Node
from cattube_worker.instructions.steps import Step, check_parameters
from cattube_worker.instructions.variables import Scope, has_variables, interpolate_parameters
from cattube_worker.media.encode.render import Workspace
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.process.run import Stopped
from cattube_worker.media.process.tools import Tools
from cattube_worker.robots import ImportRobot, MediaRobot, Robot, StoreRobot, WorkRobot
from cattube_worker.robots.file_filter import FileFilter
from cattube_worker.robots.shared.import_robot import ImportContext
from cattube_worker.robots.video_encode.robot import VideoEncode
from cattube_worker.storage import Stores

__all__ = ["AssemblyFacts", "RunContext", "Stopped", "execute"]


@dataclass(frozen=True, kw_only=True)
class AssemblyFacts:
    """What a running step may know of its assembly."""

    id: str
    steps: Mapping[str, Step]
    parent_id: str | None = None
    region: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    max_files: int = 100
    max_size_bytes: int | None = None


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """Everything a job needs beside its input.

    folder: the job's own folder; it exists, and whoever made it removes it.
    report: is told how much is done, from 0 to 1.
    stop: once set, ffmpeg is killed and the job ends by raising Stopped.
    trusted_hosts: may be asked for files although their address is private.
    overlook: is told of errors that do not end the job, with the step and the phase they came up in.
    ready_made: what was made of a file by a node while it arrived; may wait for it. Raises Stopped.
    publish: is told of the folder in which a video is about to grow that can be watched meanwhile.
    """

    assembly: AssemblyFacts
    folder: Path
    stores: Stores
    tools: Tools
    limits: Limits
    report: Callable[[float], None]
    stop: Event
    trusted_hosts: Collection[str] = ()
    on_ignored_error: OnIgnoredError = lambda error, step, phase: None
    prepared_output: Callable[[AssemblyFile, Node], PreparedOutput | None] = lambda file, node: None
    publish: Callable[[Path], None] = lambda folder: None


def execute(node: Node, inputs: Sequence[AssemblyFile], context: RunContext) -> list[AssemblyFile]:
    """The files this job made, or for a store step the same entries with url and object_key set.

    No file is made of an input that the node's robots do not handle; that is no error.
    Raises AssemblyError, whose `retryable` says whether another attempt makes sense; Stopped.
    """
    try:
        if isinstance(node.steps[0].params, WorkRobot):
            return _described(node, inputs[0], _work(node, inputs, context), context)
        if node.is_import:
            return _described(node, None, _import(node.steps[0], context), context)
        mark, files = _apart(node, inputs)
        return [
            made
            for index, file in enumerate(files)
            for made in _described(node, file, _run(node, file, context, index=index, mark=mark), context)
        ]
    except AssemblyError as error:
        error.step = error.step or node.steps[0].name
        raise


def _apart(node: Node, inputs: Sequence[AssemblyFile]) -> tuple[Path | None, list[AssemblyFile]]:
    """The picture that is to be laid over the others, if one of the inputs is, and the others."""
    roles = {file.id: role_of(file, node.uses) for file in inputs} if _may_be_marked(node) else {}
    marks = [file.path for file in inputs if roles.get(file.id) == "watermark"]
    return next(iter(marks), None), [file for file in inputs if roles.get(file.id) != "watermark"]


def _may_be_marked(node: Node) -> bool:
    return isinstance(node.steps[0].params, VideoEncode)


def _described(
    node: Node, given: AssemblyFile | None, made: Sequence[AssemblyFile], context: RunContext
) -> list[AssemblyFile]:
    """What was made with all that its steps say about it. given: what it was made of."""
    metadata_reader = MetadataReader(
        tools=context.tools, limits=context.limits, on_ignored_error=context.on_ignored_error
    )
    by_name = {step.name: step for step in node.steps}
    described = []
    for file in made:
        step = node.steps[0] if node.passes_through else by_name[file.step]
        if not node.passes_through:
            file = add_extended_metadata(file, step, metadata_reader)
        described.append(add_user_meta(file, step, _scope(given, context)))
    return described


def _import(step: Step, context: RunContext) -> list[AssemblyFile]:
    robot = _robot_for(step, None, context)
    if not isinstance(robot, ImportRobot):
        raise TypeError(f"{step.robot} cannot run without inputs")
    most, allowed = context.limits.max_upload_bytes, context.assembly.max_size_bytes
    import_context = ImportContext(
        folder=context.folder,
        stores=context.stores,
        trusted_hosts=context.trusted_hosts,
        max_bytes=most if allowed is None else min(most, allowed),
        max_files=context.assembly.max_files,
        report=context.report,
        stop=context.stop,
    )
    return import_files(robot, import_context, step=step.name, tools=context.tools, limits=context.limits)


def _run(
    node: Node, file: AssemblyFile, context: RunContext, *, index: int, mark: Path | None
) -> list[AssemblyFile]:
    if context.stop.is_set():
        raise Stopped
    folder = context.folder / f"input-{index}"
    steps = node.steps_for(lambda each: _passes(each, file, context))
    if not steps:
        return []
    robots = {step.name: _robot_for(step, file, context) for step in steps}
    only = robots[steps[0].name]
    if isinstance(only, StoreRobot):
        return [store_file(file, only, context.stores)]
    folder.mkdir(exist_ok=True)
    if isinstance(only, FileFilter):
        return filter_file(file, only, _scope(file, context), step=steps[0].name, folder=folder)
    return make_media(
        file,
        [media_step(step, robots, folder, mark=mark, trusted_hosts=context.trusted_hosts) for step in steps],
        _workspace(folder, context),
        ready=context.prepared_output(file, node),
    )


def _passes(step: Step, file: AssemblyFile, context: RunContext) -> bool:
    robot = _robot_for(step, file, context)
    return isinstance(robot, FileFilter) and passes(robot, _scope(file, context), step=step.name)


def _work(node: Node, inputs: Sequence[AssemblyFile], context: RunContext) -> list[AssemblyFile]:
    """All inputs together; the variables of a bundle are those of its first file."""
    step = node.steps[0]
    if context.stop.is_set():
        raise Stopped
    robot = _robot_for(step, inputs[0], context)
    if not isinstance(robot, WorkRobot):
        raise TypeError(f"{step.robot} has nothing to do here")
    return work(
        inputs,
        robot,
        _workspace(context.folder, context),
        step=step.name,
        uses=step.uses,
        trusted_hosts=context.trusted_hosts,
    )


def _workspace(folder: Path, context: RunContext) -> Workspace:
    return Workspace(
        folder=folder,
        tools=context.tools,
        limits=context.limits,
        report=context.report,
        stop=context.stop,
        publish=context.publish,
    )


def _robot_for(step: Step, file: AssemblyFile | None, context: RunContext) -> Robot:
    """The step's robot, its variables filled in for this file. Raises StepError when they do not fit."""
    if not has_variables(step.raw) and not has_variables(_defaults(step.params)):
        return step.params
    parameters = {**_defaults(step.params), **step.raw}
    own = {key: value for key, value in parameters.items() if key in step.params.own_variables}
    filled = interpolate_parameters(parameters, _scope(file, context))
    return check_parameters(step.name, type(step.params), filled | own)


def _scope(file: AssemblyFile | None, context: RunContext) -> Scope:
    return Scope(
        assembly_id=context.assembly.id,
        parent_id=context.assembly.parent_id,
        region=context.assembly.region,
        fields=context.assembly.fields,
        previous_step=file.step if file else "",
        file=file,
        now_ms=int(time.time() * 1000),
    )


def _defaults(robot: Robot) -> dict[str, Any]:
    """The parameters that hold variables without anybody having written them."""
    return {"path": robot.path} if isinstance(robot, StoreRobot) else {}


def media_step(
    step: Step,
    robots: Mapping[str, Robot],
    folder: Path,
    *,
    mark: Path | None,
    trusted_hosts: Collection[str],
) -> MediaStep:
    """The step ready to run. robots: those of its node, by step. folder: for what has to be fetched."""
    robot = robots[step.name]
    if not isinstance(robot, MediaRobot):
        raise TypeError(f"{step.robot} cannot run beside others")
    source = step.uses[0].step
    return MediaStep(
        name=step.name,
        robot=robot,
        source=source if source in robots else None,
        watermark=mark
        or local_watermark(
            robot,
            folder / f"watermark-{list(robots).index(step.name)}",
            trusted_hosts=trusted_hosts,
        ),
    )
