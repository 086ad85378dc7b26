"""A plan as a value that can be printed: its nodes, and what each ffmpeg process would do. Starts nothing."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cattube_worker.execution.steps.frames import MediaStep, plan_steps
from cattube_worker.instructions.assembly_file import ORIGINAL_STEP
from cattube_worker.instructions.plan import Node, Plan
from cattube_worker.instructions.steps import Step
from cattube_worker.instructions.variables import has_variables
from cattube_worker.media.encode.branches import Branch, Frames, Output
from cattube_worker.media.encode.command import ffmpeg_arguments
from cattube_worker.media.encode.graph import watermarks_of
from cattube_worker.media.encode.watermark import png_size
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.stills.moments import first_moment
from cattube_worker.robots import MediaRobot
from cattube_worker.robots.image_merge.sprite_sheet import VideoSpriteSheet

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Upload:
    """The file a plan is shown for.

    frames: its own. folder: where what is made of it would lie. marks: by step, the picture laid over.
    passes: whether one of the plan's filters lets it through.
    """

    path: Path
    frames: Frames
    folder: Path
    marks: Mapping[str, Path] = field(default_factory=dict)
    passes: Callable[[Step], bool] = lambda step: True


def plan_document(plan: Plan, upload: Upload, *, limits: Limits) -> Document:
    """What `plan` does with the upload, as plain JSON values.

    "process" of a node is {"inputs", "outputs", "arguments"}, the last being those of ffmpeg. It is None
    for a node whose robots run ffmpeg in their own way or not at all, and for one that works on what another
    makes: what there will be to see is not known before.
    """
    return {"nodes": [_node(node, upload, limits) for node in plan.nodes]}


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


def _node(node: Node, upload: Upload, limits: Limits) -> Document:
    return {
        "name": node.name,
        "steps": [{"name": name, "robot": robot} for step in node.steps for name, robot in _within(step)],
        "uses": [use.step for use in node.uses],
        "filters": [step.name for step in node.filters],
        "process": _process(_ready_steps(node, upload), upload, limits),
    }


def _within(step: Step) -> list[tuple[str, str]]:
    """The step as it was written, after the one that it stands for as well."""
    robot = step.params
    stills = [(robot.of_step, robot.stills.name)] if isinstance(robot, VideoSpriteSheet) else []
    return [*stills, (step.name, step.robot)]


def _ready_steps(node: Node, upload: Upload) -> list[MediaStep]:
    """The node's steps where all that they do can be said; none where it can't."""
    if {use.step for use in node.uses} != {ORIGINAL_STEP}:
        return []
    steps = node.steps_for(upload.passes)
    names = {step.name for step in steps}
    return [
        MediaStep(
            name=step.name,
            robot=step.params,
            source=step.uses[0].step if step.uses[0].step in names else None,
            watermark=upload.marks.get(step.name),
        )
        for step in steps
        if isinstance(step.params, MediaRobot) and not any(has_variables(each.raw) for each in steps)
    ]


def _process(steps: list[MediaStep], upload: Upload, limits: Limits) -> Document | None:
    branches = [each.branch for each in plan_steps(upload.frames, steps, upload.folder)]
    if not branches:
        return None
    marks = [mark.path for mark in watermarks_of(branches)]
    arguments = ffmpeg_arguments(
        upload.path,
        branches,
        limits=limits,
        has_audio=upload.frames.has_audio,
        mark_sizes=[png_size(mark) for mark in marks],
        start_seconds=first_moment(branches),
        source_size=upload.frames.size,
    )
    return {
        "inputs": [str(upload.path), *map(str, marks)],
        "outputs": [_output(branch, upload.frames) for branch in branches],
        "arguments": arguments,
    }


def _output(branch: Branch, given: Frames) -> Document:
    output = branch.output
    return {
        "step": branch.name,
        "frames_of": branch.source or ORIGINAL_STEP,
        "video": _pictures(output),
        "sound": _way("-c:a", output.audio) if output.audio and given.has_audio else "none",
        "width": branch.frames.size.width,
        "height": branch.frames.size.height,
        "path": str(output.path),
    }


def _pictures(output: Output) -> str:
    if output.stills_at_seconds is None:
        return _way("-c:v", output.video)
    return "sheet" if output.is_sprite_sheet else "stills"


def _way(option: str, words: tuple[str, ...]) -> str:
    """The encoder, or "copy" where none is needed."""
    return words[words.index(option) + 1] if option in words else "encode"
