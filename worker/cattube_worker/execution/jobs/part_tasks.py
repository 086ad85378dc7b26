"""Tasks whose video is encoded in parts: the decision to cut, the work on a part, and the join."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cattube_worker.assemblies.jobs.job_parts import Part
from cattube_worker.errors import AssemblyError
from cattube_worker.execution.steps.dispatch import RunContext, frame_steps, passes, with_metadata
from cattube_worker.execution.steps.encoded_parts import (
    Division,
    cut_in_parts,
    division_of,
    encode_part,
    join_encoded,
)
from cattube_worker.execution.steps.step_robot import step_robot
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.instructions.plan import Node
from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.parts.cuts import part_count
from cattube_worker.robots.shared.frame_robot import FrameRobot

log = logging.getLogger(__name__)
# For a short part on a busy host, and for the sound, which is that of the whole.
LEAST_WALL_CLOCK_SECONDS = 1800.0


@dataclass(frozen=True, kw_only=True)
class PartTasks:
    """What becomes of long videos. part_seconds: least length of a part; 0: none is cut.

    free_workers: how many hosts could work on parts now, this one among them.
    """

    part_seconds: float
    free_workers: Callable[[], int]

    def cut(self, node: Node, inputs: Sequence[AssemblyFile], context: RunContext) -> list[Part] | None:
        """The parts in which the job is to be run; None when it is run as a whole. Raises Stopped."""
        count = self._count(node, inputs)
        division = _division(node, inputs[0], context) if count > 1 else None
        if division is None:
            return None
        (file,) = context.bring(inputs)
        try:
            return cut_in_parts(replace(division, file=file), count=count, step=node.steps[0].name)
        except AssemblyError as error:
            log.info("%r is encoded as a whole: %s", file.name, error)
            return None

    def _count(self, node: Node, inputs: Sequence[AssemblyFile]) -> int:
        is_for_one = len(inputs) == 1 and not node.is_bundle
        if not (self.part_seconds and is_for_one and isinstance(node.steps[0].params, FrameRobot)):
            return 1
        seconds = float(inputs[0].meta.get("duration") or 0)
        if seconds < 2 * self.part_seconds:
            return 1
        return part_count(seconds, workers=self.free_workers(), part_seconds=self.part_seconds)


def work_on_part(part: Part, node: Node, whole: AssemblyFile, context: RunContext) -> list[AssemblyFile]:
    """What the steps make of one part of the file `whole`. Raises AssemblyError, Stopped."""
    workspace = context.workspace
    share = float(part.frames / part.frames_per_second) / float(whole.meta["duration"])
    seconds = wall_clock_of(share, whole_seconds=workspace.limits.wall_clock_seconds)
    limits = replace(workspace.limits, wall_clock_seconds=seconds)
    context = replace(context, workspace=replace(workspace, limits=limits))
    division = _checked_division(node, whole, context)
    (source,) = context.bring([part.source])
    return encode_part(division, replace(part, source=source))


def wall_clock_of(share: float, *, whole_seconds: float) -> float:
    """Longest time that a part may take, of that of the whole. share: of its length. Pure."""
    return min(whole_seconds, max(LEAST_WALL_CLOCK_SECONDS, share * whole_seconds))


def join(parts: Sequence[Part], node: Node, whole: AssemblyFile, context: RunContext) -> list[AssemblyFile]:
    """The files of the node, joined from what its parts made. Raises AssemblyError, Stopped."""
    division = _checked_division(node, whole, context)
    outputs = context.bring([file for part in parts for file in part.outputs.values()])
    paths = {file.id: file.path for file in outputs if file.path is not None}
    return with_metadata(node, whole, join_encoded(division, parts, paths), context)


def _checked_division(node: Node, whole: AssemblyFile, context: RunContext) -> Division:
    division = _division(node, whole, context)
    if division is None:
        raise CommandFailed(f'"{whole.name}" is not to be encoded in parts any more.')
    return division


def _division(node: Node, file: AssemblyFile, context: RunContext) -> Division | None:
    """The division of a file between the steps of a node that get it; None where it is made as a whole."""
    scope, workspace = context.assembly.scope(file), context.workspace
    steps = node.steps_for(lambda step: passes(step, step_robot(step, scope), scope))
    robots = {step.name: step_robot(step, scope) for step in steps}
    if not steps or not all(isinstance(robot, FrameRobot) for robot in robots.values()):
        return None
    return division_of(file, frame_steps(steps, robots, workspace), workspace)
