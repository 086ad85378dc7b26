"""The branches of a quick start: those of the video that can be watched while it is made, in small. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cattube_worker.execution.steps.frames import FrameStep, PlannedStep, plan_steps
from cattube_worker.media.encode.filters.branches import Branch
from cattube_worker.media.geometry import Size, even
from cattube_worker.media.streams.quick_start import quick_output, quick_size


def quick_branches(planned: Sequence[PlannedStep]) -> list[Branch]:
    """The branches of the quick start of what `planned` makes; none where there is to be none.

    The last one writes it. The others only give it frames: nothing is to be written of theirs.
    """
    shown = next((item for item in planned if item.branch.output.live_preview is not None), None)
    folder = shown.branch.output.live_preview if shown is not None else None
    if shown is None or folder is None:
        return []
    chain = _chain(shown, planned)
    steps = _smaller_steps(chain, shown)
    return _branches(plan_steps(chain[0].frames, steps, folder), folder) if steps else []


def _chain(shown: PlannedStep, planned: Sequence[PlannedStep]) -> list[PlannedStep]:
    """The step and those whose frames it takes, the one first that takes the file's own."""
    by_name = {item.step.name: item for item in planned}
    chain = [shown]
    while (source := chain[0].step.source) is not None:
        chain.insert(0, by_name[source])
    return chain


def _smaller_steps(chain: Sequence[PlannedStep], shown: PlannedStep) -> list[FrameStep]:
    """The same steps for a smaller video; none where it would not look the same."""
    branch, duration_seconds = shown.branch, shown.frames.duration_seconds
    size = quick_size(branch.output, branch.frames.size, duration_seconds=duration_seconds)
    if size is None:
        return []
    steps = []
    for item in chain:
        robot = item.step.robot.smaller(item.branch, _shrunk(item, size.width / branch.frames.size.width))
        if robot is None:
            return []
        steps.append(replace(item.step, robot=robot))
    return steps


def _shrunk(planned: PlannedStep, share: float) -> Size:
    size = planned.branch.frames.size
    return Size(even(size.width * share), even(size.height * share))


def _branches(planned: Sequence[PlannedStep], folder: Path) -> list[Branch]:
    *sources, last = [item.branch for item in planned]
    # Of what "copies" the file's video, a graph has frames for others and none for a file of its own.
    unwritten = [replace(branch, output=replace(branch.output, video=("-c:v", "copy"))) for branch in sources]
    return [*unwritten, replace(last, output=quick_output(last.output, folder))]
