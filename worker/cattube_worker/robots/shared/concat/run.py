"""The run that puts videos after each other, and the parameters about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import Field

from cattube_worker.media.encode.command import Command, FileInput, Input, TextInput
from cattube_worker.media.encode.filters.normalization import normalization_with
from cattube_worker.media.encode.render import check_limits, render
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import ResizeStrategy, Size
from cattube_worker.media.length_in_words import length_in_words
from cattube_worker.media.process.limits import Limits
from cattube_worker.media.workspace import Workspace
from cattube_worker.robots.shared.concat.graph import Concat, ConcatInput, Transition, chapters, concat_graph
from cattube_worker.robots.shared.encode_parameters import EncodeParameters, read_back_whole
from cattube_worker.robots.shared.input_files import InputFile, Ordered

MOST_INPUTS = 50


class ConcatParameters(EncodeParameters, Ordered):
    """Parameters of robots that put videos after each other."""

    transition: Transition = "none"
    transition_duration: float = Field(1, gt=0, le=60)


def concat_files(
    parameters: ConcatParameters,
    videos: Sequence[InputFile],
    concat: Concat,
    path: Path,
    workspace: Workspace,
    *,
    strategy: ResizeStrategy = "pad",
    background: str = "black",
    with_chapters: bool = False,
    is_intermediate: bool = False,
) -> InputFile:
    """The videos after each other, at `path`.

    is_intermediate: another run goes on from the file, so that it is whole and without the step's own
    filters. Raises AssemblyError, Stopped.
    """
    inputs = [_concat_input(video, workspace) for video in videos]
    seconds = concat.duration_seconds(inputs)
    _check_bounds(len(inputs), seconds, workspace.limits)
    output = parameters.output(path, seconds=seconds).sized_like(inputs[0].size)
    output = output.uncut(seconds) if is_intermediate else output
    graph = concat_graph(inputs, concat, output, strategy=strategy, background=background)
    if output.audio is None:
        graph += ";[sound]anullsink"  # A sound nobody maps would be an error.
    output = output.from_pads("[picture]", "[sound]")
    sources: list[Input] = [FileInput(video.path, video.source.options) for video in videos]
    if with_chapters:
        listing = workspace.folder / "chapters.txt"
        listing.write_text(chapters(inputs, concat), encoding="utf-8")
        # By kind, because -map_metadata for everything would take the chapters' titles too.
        metadata = ("-map_metadata:g", "-1", "-map_metadata:s", "-1", "-map_chapters", str(len(sources)))
        output = replace(output, metadata=metadata)
        sources.append(TextInput(listing, "ffmetadata"))
    render(
        Command(inputs=sources, outputs=[output], graph=graph),
        name=videos[0].name,
        duration_seconds=output.lasts_seconds or 0,
        workspace=workspace,
    )
    return read_back_whole(videos[0], output, workspace)


def _check_bounds(count: int, seconds: float, limits: Limits) -> None:
    """Check that so many videos may become one of that length. Raises InvalidInput."""
    if count > MOST_INPUTS:
        raise InvalidInput(f"{count} videos are too many to join: {MOST_INPUTS} are allowed.")
    if seconds > limits.max_duration_seconds:
        longest = length_in_words(limits.max_duration_seconds)
        raise InvalidInput(
            f"Joined, the videos would last {length_in_words(seconds)}; {longest} are allowed."
        )


def _concat_input(file: InputFile, workspace: Workspace) -> ConcatInput:
    facts = file.video
    if facts is None or not facts.duration_seconds:
        raise InvalidInput(f'"{file.name}" is not a video we can join to others.')
    check_limits(facts, name=file.name, limits=workspace.limits)
    return ConcatInput(
        size=Size(facts.width, facts.height),
        duration_seconds=facts.duration_seconds,
        has_audio=facts.has_audio,
        title=file.basename,
        source=file.source,
        normalization=normalization_with(facts, workspace.tools),
    )
