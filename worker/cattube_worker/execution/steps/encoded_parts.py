"""A video in parts: cutting it, encoding a part or the sound, and joining what came of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from cattube_worker.assemblies.jobs.job_parts import Part
from cattube_worker.execution.steps.frame_process import as_expected
from cattube_worker.execution.steps.frames import FrameStep, PlannedStep, frames_of, plan_steps
from cattube_worker.instructions.assembly_file import AssemblyFile
from cattube_worker.media.encode.command import Command, FileInput
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.presets import MP4
from cattube_worker.media.encode.render import check_limits, render, render_branches
from cattube_worker.media.encode.source import source_of
from cattube_worker.media.encode.stream_copy import Copyable, copyable
from cattube_worker.media.errors import CommandFailed
from cattube_worker.media.inspect.audible import is_audible
from cattube_worker.media.inspect.broken_off import breaks_off
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.mp4.sample_table import sample_table
from cattube_worker.media.parts.cuts import cuts_of
from cattube_worker.media.parts.cutting import cut_video
from cattube_worker.media.parts.divisible import from_second, is_divisible
from cattube_worker.media.parts.joining import EncodedParts, checked_part, join_parts
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.input_files import link_or_copy


@dataclass(frozen=True, kw_only=True)
class Division:
    """A video whose steps are encoded in parts. file: as its entry says; its bytes may be elsewhere."""

    file: AssemblyFile
    facts: VideoFacts
    steps: Sequence[FrameStep]
    workspace: Workspace

    def planned(self) -> list[PlannedStep]:
        """The steps as one encode of the whole would make them."""
        frames = frames_of(self.facts, copyable(self.file.meta, mime=self.file.mime), self.workspace.tools)
        return plan_steps(frames, self.steps, self.workspace.folder)


def division_of(file: AssemblyFile, steps: Sequence[FrameStep], workspace: Workspace) -> Division | None:
    """The division of a video, by what is known of it; None where the steps are made of the whole only."""
    facts = VideoFacts.from_meta(file.meta)
    if facts is None or file.type != "video" or not all(step.robot.is_repeatable for step in steps):
        return None
    division = Division(file=file, facts=facts, steps=steps, workspace=workspace)
    planned = division.planned()
    is_possible = len(planned) == len(steps) and is_divisible(facts, [item.branch for item in planned])
    return division if is_possible else None


def cut_in_parts(division: Division, *, count: int, step: str) -> list[Part] | None:
    """About `count` parts of the video; None where its frames do not allow to cut it.

    step: whose files the parts are said to be. Raises CommandFailed, InvalidInput, CommandTimeout, Stopped.
    """
    file, facts, workspace = division.file, division.facts, division.workspace
    if file.path is None or breaks_off(file.path):
        return None
    check_limits(facts, name=file.name, limits=workspace.limits)
    table = sample_table(file.path, video_number=facts.video_number)
    cuts = cuts_of(table, count)
    if table is None or cuts is None:
        return None
    frames = len(table.shown_at)
    paths = cut_video(file.path, facts, cuts, frames=frames, name=file.name, workspace=workspace)
    parts = [
        Part(
            kind="video",
            source=_entry(file, path, step=step, workspace=workspace),
            starts_at_frame=start,
            frames=end - start,
            frames_per_second=table.frames_per_second,
            outputs={},
        )
        for path, (start, end) in zip(paths, pairwise([0, *cuts, frames]), strict=True)
    ]
    return [*parts, _sound_part(file, parts[0], step=step)] if _sounds(division) else parts


def encode_part(division: Division, part: Part) -> list[AssemblyFile]:
    """What is made of one part, by step. Its source has its path. Raises AssemblyError, Stopped."""
    if part.kind == "sound":
        return _encoded_sound(division, part)
    if part.source.path is None:
        raise CommandFailed(f'The bytes of a part of "{division.file.name}" are gone.')
    workspace = division.workspace
    facts = replace(
        division.facts,
        duration_seconds=float(part.frames / part.frames_per_second),
        video_number=0,
        has_audio=False,
        audio_seconds=0,
    )
    frames = frames_of(facts, Copyable(), workspace.tools)
    planned = [_of_part(item, part) for item in plan_steps(frames, division.steps, workspace.folder)]
    paths = render_branches(
        part.source.path,
        facts,
        [item.branch for item in planned],
        name=division.file.name,
        workspace=workspace,
    )
    for (path,) in paths.values():
        if len(checked_part(path, part.frames_per_second).shown_at) != part.frames:
            raise CommandFailed(f'A part of "{division.file.name}" lost frames.')
    return [_entry(division.file, path, step=step, workspace=workspace) for step, (path,) in paths.items()]


def join_encoded(
    division: Division, parts: Sequence[Part], outputs: Mapping[str, Path]
) -> list[AssemblyFile]:
    """The files of the steps, joined. outputs: paths of what the parts made, by id.

    Raises CommandFailed when they are not all that one encode would have made; AssemblyError, Stopped.
    """
    file, workspace = division.file, division.workspace
    planned = division.planned()
    videos = [part for part in parts if part.kind == "video"]
    for item in planned:
        name = item.step.name
        made = [outputs[part.outputs[name].id] for part in videos]
        sounds = [part.outputs[name] for part in parts if part.kind == "sound" and name in part.outputs]
        join_parts(
            EncodedParts(
                videos=_brought_in(made, item.branch.output.path),
                sound=next((outputs[sound.id] for sound in sounds), None),
            ),
            item.branch.output,
            frames=sum(part.frames for part in videos),
            frames_per_second=videos[0].frames_per_second,
            name=file.name,
            workspace=workspace,
        )
    paths = {item.step.name: [item.branch.output.path] for item in planned}
    # The source is not read again: whether it breaks off was asked before it was cut.
    return as_expected(replace(file, path=None), planned, paths, division.facts, workspace)


def _of_part(planned: PlannedStep, part: Part) -> PlannedStep:
    """The step for one part: without sound, and with key frames where the whole has them."""
    output = planned.branch.output
    frame_seconds = 1 / part.frames_per_second
    video = from_second(output.video or (), part.starts_at_frame * frame_seconds, frame_seconds=frame_seconds)
    output = replace(output, video=video, audio=None, container=MP4, live_preview=None)
    return replace(planned, branch=replace(planned.branch, output=output))


def _sounds(division: Division) -> bool:
    return division.facts.has_audio and any(
        item.branch.output.audio is not None for item in division.planned()
    )


def _sound_part(file: AssemblyFile, first: Part, *, step: str) -> Part:
    """The sound is encoded once for the whole: each beginning of an encoder would be heard as a seam."""
    return replace(
        first, kind="sound", source=file.handed_on(step=step, path=file.path), starts_at_frame=0, frames=0
    )


def _encoded_sound(division: Division, part: Part) -> list[AssemblyFile]:
    path, facts, workspace = part.source.path, division.facts, division.workspace
    if path is None:
        raise CommandFailed(f'The bytes of "{division.file.name}" are gone.')
    source = source_of(facts)
    outputs = {
        item.step.name: _sound_output(item.branch.output, facts)
        for item in division.planned()
        if item.branch.output.audio is not None
    }
    render(
        Command(inputs=[FileInput(path, source.options)], outputs=list(outputs.values())),
        name=division.file.name,
        duration_seconds=facts.duration_seconds,
        workspace=workspace,
    )
    if any(output.copies_audio and not is_audible(output.path, 0, workspace) for output in outputs.values()):
        raise CommandFailed("The sound that was copied cannot be decoded.")
    return [
        _entry(division.file, output.path, step=step, workspace=workspace) for step, output in outputs.items()
    ]


def _sound_output(output: Output, facts: VideoFacts) -> Output:
    source = source_of(facts)
    return replace(
        output,
        path=output.path.with_name(f"{output.path.name}-sound"),
        video=None,
        audio_from=(f"0:{source.audio}",),
        audio_filters=() if output.copies_audio else (*source.audio_filters, *output.audio_filters),
        filters=(),
        container=MP4,
        has_constant_rate=False,
        live_preview=None,
        bounds=frozenset({"duration", "bytes"}),
    )


def _entry(file: AssemblyFile, path: Path, *, step: str, workspace: Workspace) -> AssemblyFile:
    facts = workspace.describe(path, name=path.name)
    return file.derived(step=step, path=path, name=path.name, facts=facts, meta={})


def _brought_in(paths: Sequence[Path], beside: Path) -> list[Path]:
    """The files under names of ours, where a list can name them."""
    targets = [beside.with_name(f"{beside.name}-part-{place}") for place in range(len(paths))]
    for source, target in zip(paths, targets, strict=True):
        link_or_copy(source, target)
    return targets
