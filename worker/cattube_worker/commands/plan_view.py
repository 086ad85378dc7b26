"""A plan as a value that can be printed: its nodes, and what each ffmpeg process would do. Starts nothing."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cattube_worker.execution.steps.frames import FrameStep, frame_step, plan_steps
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP
from cattube_worker.instructions.plan import Node, Plan
from cattube_worker.instructions.steps import Step
from cattube_worker.instructions.variables import has_variables
from cattube_worker.media.encode.command import FileInput
from cattube_worker.media.encode.filters.branches import Branch, Frames
from cattube_worker.media.encode.filters.graph import watermarks_of
from cattube_worker.media.encode.filters.watermark import png_size
from cattube_worker.media.encode.frame_command import frame_command
from cattube_worker.media.encode.output import Output, option
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.stills.moments import first_moment

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """The file a plan is shown for.

    frames: its own. folder: where what is made of it would lie. watermarks: by step, the image laid over.
    passes: whether one of the plan's filters lets it through.
    """

    path: Path
    frames: Frames
    folder: Path
    watermarks: Mapping[str, Path] = field(default_factory=dict)
    passes: Callable[[Step], bool] = lambda step: True


def plan_document(plan: Plan, source: SourceFile, *, limits: Limits) -> Document:
    """The plan's work on the file, as plain JSON values.

    "process" of a node is {"inputs", "outputs", "arguments"}, the last being those of ffmpeg. It is None
    for a node whose robots run ffmpeg in their own way or not at all, and for one that works on what another
    makes: what there will be to see is not known before.
    """
    return {"nodes": [_node(node, source, limits) for node in plan.nodes]}


def plan_lines(document: Document) -> Iterator[str]:
    """The document for people, line by line."""
    for number, node in enumerate(document["nodes"], start=1):
        yield f"{number}. {node['name']} (of {', '.join(node['uses']) or 'nothing'})"
        if node["filters"]:
            yield f"   as far as it passes {', '.join(node['filters'])}"
        process = node["process"]
        if process is None:
            yield from (f"   {step['name']}: {step['robot']}" for step in node["steps"])
            continue
        yield f"   one ffmpeg process reads {', '.join(process['inputs'])}"
        yield from (f"   {_output_line(output)}" for output in process["outputs"])
        yield f"   ffmpeg {shlex.join(process['arguments'])}"


def _output_line(output: Document) -> str:
    size = f"{output['width']}x{output['height']}"
    sound = f", sound: {output['sound']}" if output["video"] not in {"stills", "sheet"} else ""
    return f"{output['step']}: {size} of {output['frames_of']}, video: {output['video']}{sound}"


def _node(node: Node, source: SourceFile, limits: Limits) -> Document:
    return {
        "name": node.name,
        "steps": [{"name": name, "robot": robot} for step in node.steps for name, robot in _within(step)],
        "uses": [use.step for use in node.uses],
        "filters": [step.name for step in node.filters],
        "process": _process(_frame_steps(node, source), source, limits),
    }


def _within(step: Step) -> list[tuple[str, str]]:
    """The step as it was written, after those that it stands for as well."""
    return [*step.params.stands_for, (step.name, step.robot)]


def _frame_steps(node: Node, source: SourceFile) -> list[FrameStep]:
    """The node's steps where all that they do can be said; none where it can't."""
    if {use.step for use in node.uses} != {ORIGINAL_STEP}:
        return []
    steps = node.steps_for(source.passes)
    if not all(step.params.takes_frames for step in steps) or any(has_variables(step.raw) for step in steps):
        return []
    robots = {step.name: step.params for step in steps}
    return [frame_step(step, robots, watermark=source.watermarks.get(step.name)) for step in steps]


def _process(steps: list[FrameStep], source: SourceFile, limits: Limits) -> Document | None:
    branches = [item.branch for item in plan_steps(source.frames, steps, source.folder)]
    if not branches:
        return None
    command = frame_command(
        FileInput(source.path, size=source.frames.size, starts_at_seconds=first_moment(branches)),
        branches,
        limits=limits,
        has_audio=source.frames.has_audio,
        mark_sizes=[png_size(mark.path) for mark in watermarks_of(branches)],
    )
    return {
        "inputs": [str(path) for path in command.reads],
        "outputs": [_output(branch, source.frames) for branch in branches],
        "arguments": command.arguments(limits),
    }


def _output(branch: Branch, source: Frames) -> Document:
    output = branch.output
    return {
        "step": branch.name,
        "frames_of": branch.source or ORIGINAL_STEP,
        "video": _video(output),
        "sound": (option(output.audio, "-c:a") or "encode") if output.audio and source.has_audio else "none",
        "width": branch.frames.size.width,
        "height": branch.frames.size.height,
        "path": str(output.path),
    }


def _video(output: Output) -> str:
    if output.stills_at_seconds is None:
        return option(output.video or (), "-c:v") or "encode"
    return "sheet" if output.is_sprite_sheet else "stills"
