"""Runs of ffmpeg that write the outputs of a command."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from cattube_worker.assembly_folders import remove_tree
from cattube_worker.media.encode.command import Command, FileInput, PipeInput
from cattube_worker.media.encode.filters.branches import Branch
from cattube_worker.media.encode.filters.graph import watermarks_of
from cattube_worker.media.encode.filters.watermark import png_size
from cattube_worker.media.encode.frame_command import frame_command
from cattube_worker.media.encode.output import Output
from cattube_worker.media.encode.quick_process import QuickProcess
from cattube_worker.media.encode.source import source_of
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import Size
from cattube_worker.media.inspect.video_facts import VideoFacts
from cattube_worker.media.length_in_words import length_in_words
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.stills.moments import first_moment
from cattube_worker.media.stills.telling import keep_telling
from cattube_worker.media.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class QuickStart:
    """What a process of its own makes of the first seconds, for viewers alone.

    source: the same as that of the file, but for a pipe of its own. branches: the last one writes it.
    """

    source: Path | PipeInput
    branches: Sequence[Branch]


def check_limits(facts: VideoFacts, *, name: str, limits: Limits) -> None:
    """Refuse what would keep this machine busy for too long. Raises InvalidInput."""
    if facts.width * facts.height > limits.max_pixels:
        raise InvalidInput(too_many_pixels(name, Size(facts.width, facts.height), limits))
    if facts.duration_seconds > limits.max_duration_seconds:
        raise InvalidInput(
            f'"{name}" is {length_in_words(facts.duration_seconds)} long; '
            f"{length_in_words(limits.max_duration_seconds)} are allowed."
        )


def too_many_pixels(name: str, size: Size, limits: Limits) -> str:
    """Words for a picture that is larger than it may be."""
    return (
        f'"{name}" is too large: {size.width} x {size.height} pixels, '
        f"where {limits.max_pixels / 1e6:g} million in all are allowed."
    )


def render(
    command: Command,
    *,
    name: str,
    duration_seconds: float,
    workspace: Workspace,
    also_reads: Sequence[Path] = (),
    beside: AbstractContextManager[object] | None = None,
) -> None:
    """Write the command's outputs.

    name: what people call its input, for messages. duration_seconds: of what is made, for progress.
    also_reads: files that filters open. beside: runs as long as ffmpeg does, when live previews are open.
    Raises InvalidInput, CommandFailed, CommandTimeout, Stopped.
    """
    _open_live_previews(command.outputs, workspace)
    arguments = command.arguments(workspace.limits)
    with beside or nullcontext():
        workspace.run(
            arguments,
            reads=[*command.reads, *also_reads],
            name=name,
            duration_seconds=duration_seconds,
            stdin=command.pipe.take_stdin() if command.pipe is not None else None,
        )


def render_branches(
    source: Path | PipeInput,
    facts: VideoFacts,
    branches: Sequence[Branch],
    *,
    name: str,
    workspace: Workspace,
    quick_start: QuickStart | None = None,
) -> dict[str, list[Path]]:
    """The files of each branch, in order. facts: of the source, which `name` is what people call.

    quick_start: of the branch with a live preview.
    Raises InvalidInput, CommandFailed, CommandTimeout, Stopped.
    """
    beside = None
    if quick_start is not None:
        beside = QuickProcess(quick_command(quick_start, facts, workspace), workspace, name=name)
    if isinstance(source, PipeInput):
        return _render_from(source, facts, branches, name=name, workspace=workspace, beside=beside)
    start_seconds, size = first_moment(branches), Size(facts.width, facts.height)
    paths = _render_from(
        FileInput(source, size=size, starts_at_seconds=start_seconds),
        facts, branches, name=name, workspace=workspace, beside=beside,
    )  # fmt: skip
    if start_seconds > 0 and not all(paths.values()):
        # There was no frame left where reading began: from the beginning, the last one is found.
        beginning = FileInput(source, size=size)
        paths = _render_from(beginning, facts, branches, name=name, workspace=workspace)
    workspace.report(1.0)
    return paths


def _render_from(
    origin: FileInput | PipeInput,
    facts: VideoFacts,
    branches: Sequence[Branch],
    *,
    name: str,
    workspace: Workspace,
    beside: AbstractContextManager[object] | None = None,
) -> dict[str, list[Path]]:
    command = _command(origin, facts, branches, workspace)
    render(command, name=name, duration_seconds=facts.duration_seconds, workspace=workspace, beside=beside)
    return {branch.name: keep_telling(branch.output, written_files(branch.output)) for branch in branches}


def quick_command(quick_start: QuickStart, facts: VideoFacts, workspace: Workspace) -> Command:
    """The command of a quick start, whose one output lies in the folder of the live preview."""
    source = quick_start.source
    origin = source if isinstance(source, PipeInput) else FileInput(source)
    command = _command(origin, facts, quick_start.branches, workspace)
    return replace(command, outputs=command.outputs[-1:])


def _command(
    origin: FileInput | PipeInput, facts: VideoFacts, branches: Sequence[Branch], workspace: Workspace
) -> Command:
    return frame_command(
        origin,
        branches,
        limits=workspace.limits,
        has_audio=facts.has_audio,
        source=source_of(facts),
        mark_sizes=[png_size(mark.path) for mark in watermarks_of(branches)],
    )


def written_files(output: Output) -> list[Path]:
    """The files that ffmpeg has written for an output, in order; those without a byte are none."""
    path = output.path
    paths = sorted(path.parent.glob(path.name.replace("%05d", "[0-9]*")))
    return [path for path in paths if path.stat().st_size > 0]


def _open_live_previews(outputs: Sequence[Output], workspace: Workspace) -> None:
    """Publish the folders of live previews, which are empty until ffmpeg starts."""
    for output in outputs:
        folder = output.live_preview
        if folder is not None:
            remove_tree(folder)
            folder.mkdir()
            workspace.publish(folder)
