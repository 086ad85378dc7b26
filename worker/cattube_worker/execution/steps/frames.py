"""Steps that share one ffmpeg process: the branch that each adds, and what identifies their work. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cattube_worker.execution.steps.prepared_output import StepFingerprint
from cattube_worker.instructions.steps import Step
from cattube_worker.media.encode.filters.branches import Branch, Frames
from cattube_worker.media.encode.filters.normalization import normalization_with
from cattube_worker.media.encode.stream_copy import Copyable
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.process.tools import Tools
from cattube_worker.media.streams.live_preview import can_preview
from cattube_worker.robots import Robot
from cattube_worker.robots.shared.frame_robot import BranchRequest, FrameRobot


@dataclass(frozen=True, kw_only=True)
class FrameStep:
    """A step ready to run. source: the step of the same node whose frames it takes; None for the file."""

    name: str
    robot: FrameRobot
    source: str | None
    watermark: Path | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """A step with its branch. frames: those it works on."""

    step: FrameStep
    frames: Frames
    branch: Branch

    @property
    def copies_streams(self) -> bool:
        return self.branch.output.copies_video or self.branch.output.copies_audio


def frame_step(step: Step, robots: Mapping[str, Robot], *, watermark: Path | None) -> FrameStep:
    """The step ready to run. robots: those of its node, by step."""
    robot = robots[step.name]
    if not isinstance(robot, FrameRobot):
        raise TypeError(f"{step.robot} cannot run beside others")
    source = step.uses[0].step
    return FrameStep(
        name=step.name, robot=robot, source=source if source in robots else None, watermark=watermark
    )


def frames_of(facts: VideoFacts, copyable: Copyable, tools: Tools) -> Frames:
    """The frames of the file itself, as these tools can give them. copyable: what may stay as it is."""
    normalization = normalization_with(facts, tools)
    return Frames(
        size=Size(facts.width, facts.height),
        duration_seconds=facts.duration_seconds,
        rotation=facts.rotation,
        has_audio=facts.has_audio,
        audio_channels=facts.audio_channels,
        normalization=normalization,
        colors=normalization.colors,
        copyable=copyable,
    )


def plan_steps(frames: Frames, steps: Sequence[FrameStep], folder: Path) -> list[PlannedStep]:
    """The branch of each step for a file of those frames.

    The first video that was asked for by name, and no other, can be watched while it is made.
    """
    frames_by_step: dict[str | None, Frames] = {None: frames}
    planned = []
    for index, step in enumerate(steps):
        request = BranchRequest(
            step=step.name,
            source=step.source,
            frames=frames_by_step[step.source],
            stem=folder / f"made-{index}",
            watermark=step.watermark,
        )
        planned.append(PlannedStep(step=step, frames=request.frames, branch=step.robot.branch(request)))
        frames_by_step[step.name] = planned[-1].branch.frames
    # Without those of whose moments all lie outside of the video.
    planned = [item for item in planned if item.branch.output.stills_at_seconds != ()]
    previewed = next(filter(_may_be_watched, planned), None)
    return [_with_live_preview(item) if item is previewed else item for item in planned]


def fingerprints_of(planned: Sequence[PlannedStep]) -> tuple[StepFingerprint, ...]:
    """Fingerprints of what is to be done, whatever files it is done with."""
    return tuple(
        StepFingerprint(
            step=item.step.name,
            robot=item.step.robot,
            source=item.step.source,
            copies_video=item.branch.output.copies_video,
            copies_audio=item.branch.output.copies_audio,
        )
        for item in planned
    )


def _may_be_watched(planned: PlannedStep) -> bool:
    """True when people may see the step's video while it is made: they asked for it, and wait for it."""
    robot = planned.step.robot
    return robot.is_awaited and robot.is_watchable and can_preview(planned.branch.output)


def _with_live_preview(planned: PlannedStep) -> PlannedStep:
    path = planned.branch.output.path
    output = replace(planned.branch.output, live_preview=path.with_name(f"{path.name}.live"))
    return replace(planned, branch=replace(planned.branch, output=output))
