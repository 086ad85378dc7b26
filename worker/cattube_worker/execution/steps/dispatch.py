"""Run one job: its node's robots over its input files, by their kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cattube_worker.errors import AssemblyError
from cattube_worker.execution.steps.entries import (
    entry_of,
    imported_entry,
    input_file,
    passed_entry,
    role_of,
)
from cattube_worker.execution.steps.fetched_images import fetched_images, local_watermark
from cattube_worker.execution.steps.file_metadata import add_extended_metadata, add_user_meta
from cattube_worker.execution.steps.frame_process import run_frame_steps
from cattube_worker.execution.steps.frames import FrameStep, frame_step
from cattube_worker.execution.steps.prepared_output import PreparedOutput
from cattube_worker.execution.steps.step_robot import AssemblyFacts, step_robot
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.plan import Node
from cattube_worker.instructions.steps import Step
from cattube_worker.instructions.variables import Scope, value_of
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.process.run import Stopped
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots import Robot
from cattube_worker.robots.shared.file_robot import FileRobot
from cattube_worker.robots.shared.filter_robot import FilterRobot
from cattube_worker.robots.shared.import_robot import ImportRobot
from cattube_worker.robots.shared.input_files import WATERMARK_ROLE
from cattube_worker.robots.shared.store_robot import StoreRobot
from cattube_worker.storage import StoreError


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """Everything a job needs beside its input.

    workspace: its folder is the job's own.
    prepared_output: what was made of a file by a node while it arrived; may wait for it. Raises Stopped.
    bring: the files with paths at which their bytes are on this host. Raises AssemblyError, Stopped.
    """

    assembly: AssemblyFacts
    workspace: Workspace
    prepared_output: Callable[[AssemblyFile, Node], PreparedOutput | None] = lambda file, node: None
    bring: Callable[[Sequence[AssemblyFile]], list[AssemblyFile]] = list


def execute(node: Node, inputs: Sequence[AssemblyFile], context: RunContext) -> list[AssemblyFile]:
    """The files this job made, or for a store step the same entries with url and object_key set.

    No file is made of an input that the node's robots do not handle; that is no error.
    Raises AssemblyError, whose `retryable` says whether another attempt makes sense; Stopped.
    """
    step = node.steps[0]
    context.workspace.wait_for_turn()
    try:
        if isinstance(step.params, ImportRobot):
            return with_metadata(node, None, _import(step, context), context)
        if not isinstance(step.params, StoreRobot):
            inputs = context.bring(inputs)
        if isinstance(step.params, FileRobot):
            return with_metadata(node, inputs[0], _work_on_files(step, inputs, context), context)
        watermark, files = _without_watermark(node, inputs)
        return [
            output
            for index, file in enumerate(files)
            for output in with_metadata(
                node, file, _run(node, file, context, index=index, watermark=watermark), context
            )
        ]
    except AssemblyError as error:
        error.step = error.step or step.name
        raise


def passes(step: Step, robot: Robot, scope: Scope) -> bool:
    """True when a filter step lets the scope's file through. Raises FilterFailed."""
    if not isinstance(robot, FilterRobot):
        return False
    return robot.passes(lambda side: value_of(side, scope), step=step.name)


def frame_steps(
    steps: Sequence[Step], robots: dict[str, Robot], workspace: Workspace, *, watermark: Path | None = None
) -> list[FrameStep]:
    """The steps of a node ready to run. watermark: an input that is laid over the others, if there is one."""
    return [
        frame_step(
            step,
            robots,
            watermark=watermark
            or local_watermark(robots[step.name], workspace.folder / f"watermark-{index}", workspace),
        )
        for index, step in enumerate(steps)
    ]


def _import(step: Step, context: RunContext) -> list[AssemblyFile]:
    robot = step_robot(step, context.assembly.scope(None))
    if not isinstance(robot, ImportRobot):
        raise TypeError(f"{step.robot} cannot run without inputs")
    workspace = _import_workspace(context)
    entries = []
    try:
        for index, imported in enumerate(robot.fetch(workspace)):
            entries.append(imported_entry(imported, index, step=step.name, robot=robot, workspace=workspace))
    except AssemblyError:
        # A transfer that was given up ends with some error or other.
        if not workspace.stop.is_set():
            raise
    if workspace.stop.is_set():
        raise Stopped
    return entries


def _import_workspace(context: RunContext) -> Workspace:
    """The workspace with the bounds of this assembly."""
    workspace = context.workspace
    max_bytes = workspace.limits.max_upload_bytes
    if context.assembly.max_size_bytes is not None:
        max_bytes = min(max_bytes, context.assembly.max_size_bytes)
    limits = replace(workspace.limits, max_upload_bytes=max_bytes)
    return replace(workspace, limits=limits, max_files=context.assembly.max_files)


def _work_on_files(step: Step, inputs: Sequence[AssemblyFile], context: RunContext) -> list[AssemblyFile]:
    """All inputs together; the variables of a bundle are those of its first file."""
    robot, workspace = step_robot(step, context.assembly.scope(inputs[0])), context.workspace
    if not isinstance(robot, FileRobot):
        raise TypeError(f"{step.robot} does not work on files")
    files = {
        input_file(
            file, step.uses, workspace, read=partial(value_of, scope=context.assembly.scope(file))
        ): file
        for file in inputs
    }
    outputs = robot.make([*files, *fetched_images(robot, workspace)], workspace)
    if not outputs and robot.force_accept:
        raise InvalidInput(f'"{inputs[0].name}" is nothing that {robot.name} can work on.')
    origins = list(dict.fromkeys(origin for file in inputs for origin in file.stems_from))
    entries = [
        entry_of(
            output,
            files.get(output.source, inputs[0]),
            step=step.name,
            robot=robot,
            workspace=workspace,
        )
        for output in outputs
    ]
    return [replace(entry, original_ids=origins) for entry in entries] if len(origins) > 1 else entries


def _without_watermark(node: Node, inputs: Sequence[AssemblyFile]) -> tuple[Path | None, list[AssemblyFile]]:
    """The image that is to be laid over the others, if one of the inputs is, and the others."""
    takes_watermark = node.steps[0].params.takes_watermark
    roles = {file.id: role_of(file, node.uses) for file in inputs} if takes_watermark else {}
    watermarks = [file.path for file in inputs if roles.get(file.id) == WATERMARK_ROLE]
    files = [file for file in inputs if roles.get(file.id) != WATERMARK_ROLE]
    return next(iter(watermarks), None), files


def _run(
    node: Node, file: AssemblyFile, context: RunContext, *, index: int, watermark: Path | None
) -> list[AssemblyFile]:
    """Entries that the node makes of one file."""
    context.workspace.wait_for_turn()
    scope = context.assembly.scope(file)
    steps = node.steps_for(lambda step: passes(step, step_robot(step, scope), scope))
    if not steps:
        return []
    robots = {step.name: step_robot(step, scope) for step in steps}
    first = robots[steps[0].name]
    if isinstance(first, StoreRobot):
        return [_store(file, first, context)]
    workspace = replace(context.workspace, folder=context.workspace.folder / f"input-{index}")
    workspace.folder.mkdir(exist_ok=True)
    if isinstance(first, FilterRobot):
        return _filter(file, steps[0], first, scope, workspace.folder)
    return run_frame_steps(
        file,
        frame_steps(steps, robots, workspace, watermark=watermark),
        workspace,
        prepared=context.prepared_output(file, node),
    )


def _store(file: AssemblyFile, robot: StoreRobot, context: RunContext) -> AssemblyFile:
    """The entry with its key and addresses. What lies in the robot's store already is copied there."""
    workspace = context.workspace
    if file.bucket_key is not None:
        copied = robot.put_copy(file.bucket_key, mime=file.mime, file_id=file.id, workspace=workspace)
        if copied is not None:
            return replace(file, **copied)
    (here,) = context.bring([file])
    if here.path is None:
        raise robot.failed(StoreError(f'The bytes of "{file.name}" are gone.', retryable=False))
    return replace(file, **robot.put(here.path, mime=file.mime, file_id=file.id, workspace=workspace))


def _filter(
    file: AssemblyFile, step: Step, robot: FilterRobot, scope: Scope, folder: Path
) -> list[AssemblyFile]:
    """The file as one of this step's, or nothing. Raises FilterFailed where the step asks for that."""
    if passes(step, robot, scope):
        return [passed_entry(file, step=step.name, folder=folder)]
    robot.decline()
    return []


def with_metadata(
    node: Node, source: AssemblyFile | None, outputs: Sequence[AssemblyFile], context: RunContext
) -> list[AssemblyFile]:
    """The outputs with all that their steps say about them. source: what they were made of."""
    by_name = {step.name: step for step in node.steps}
    scope, files = context.assembly.scope(source), []
    for file in outputs:
        step = node.steps[0] if node.passes_through else by_name[file.step]
        if not node.passes_through:
            file = add_extended_metadata(file, step, context.workspace)
        files.append(add_user_meta(file, step, scope))
    return files
