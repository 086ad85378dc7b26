"""What /video/concat and /video/merge share: the run that joins their inputs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from cattube_worker.media.encode.command import QUIETLY, WITHOUT_TRACES, opened
from cattube_worker.media.encode.output import Target
from cattube_worker.media.encode.render import Workspace, check_limits, run_ffmpeg
from cattube_worker.media.errors import InvalidInput
from cattube_worker.media.geometry import ResizeStrategy, Size
from cattube_worker.robots.shared.concat.graph import Joining, Part, Transition, chapters, join_graph
from cattube_worker.robots.shared.encode_parameters import Encoding, looked_at
from cattube_worker.robots.shared.input_files import InputFile
from cattube_worker.robots.shared.order import Ordered

MOST_PARTS = 50
_MISSING_SECONDS, _MISSING_SHARE = 1.0, 0.1


class Joined(Encoding, Ordered):
    """Parameters of robots that put videos after each other."""

    transition: Transition = "none"
    transition_duration: float = Field(1, gt=0, le=60)


def join(
    target: Target,
    videos: Sequence[InputFile],
    joining: Joining,
    path: Path,
    workspace: Workspace,
    *,
    strategy: ResizeStrategy = "pad",
    background: str = "black",
    with_chapters: bool = False,
) -> InputFile:
    """The videos after each other, at `path`. Raises AssemblyError, Stopped."""
    parts = [_part(each, workspace) for each in videos]
    if len(parts) > MOST_PARTS:
        raise InvalidInput(f"{len(parts)} videos are too many to join: {MOST_PARTS} are allowed.")
    target = target.for_parts(parts[0].size)
    seconds = joining.duration_seconds(parts)
    if seconds > workspace.limits.max_duration_seconds:
        raise InvalidInput(f"Joined, the videos last {seconds / 3600:.1f} hours, more than is allowed.")
    graph = join_graph(parts, joining, target, strategy=strategy, background=background)
    sound = ["-map", "[sound]"] if target.audio is not None else []
    # A sound nobody maps would be an error.
    graph = graph if sound else graph + ";[sound]anullsink"
    reads = [each.path for each in videos]
    inputs = [word for each in reads for word in opened(each, workspace.limits)]
    traces = list(WITHOUT_TRACES)
    if with_chapters:
        listing = workspace.folder / "chapters.txt"
        listing.write_text(chapters(parts, joining), encoding="utf-8")
        inputs += ["-f", "ffmetadata", "-i", f"file:{listing}"]
        # By kind, because -map_metadata for everything would take the chapters' titles too.
        traces = ["-map_metadata:g", "-1", "-map_metadata:s", "-1", "-map_chapters", str(len(reads))]
        reads.append(listing)
    run_ffmpeg(
        [
            *QUIETLY, *inputs, "-filter_complex", graph, "-map", "[picture]", *sound, *traces,
            *target.output(path, workspace.limits, has_audio=bool(sound), seconds=seconds),
        ],
        reads=reads,
        name=videos[0].name,
        duration_seconds=target.own.part_of(seconds),
        workspace=workspace,
    )  # fmt: skip
    return whole(videos[0], path, target.own.at_least(seconds), workspace)


def whole(source: InputFile, path: Path, seconds: float, workspace: Workspace) -> InputFile:
    """The file made, which must be as long as it was to be. Raises InvalidInput."""
    made = looked_at(source, path, workspace)
    if seconds - made.duration_seconds > max(_MISSING_SECONDS, seconds * _MISSING_SHARE):
        raise InvalidInput(
            f'"{source.name}" or a file beside it is damaged: '
            f"only {made.duration_seconds:.0f} of {seconds:.0f} seconds could be made."
        )
    return made


def background_color(color: str) -> str:
    """A colour as robots write it, for ffmpeg."""
    return "0x" + color.removeprefix("#")[:6]


def _part(source: InputFile, workspace: Workspace) -> Part:
    picture = source.picture
    if picture is None or not picture.duration_seconds:
        raise InvalidInput(f'"{source.name}" is not a video we can join to others.')
    check_limits(picture, name=source.name, limits=workspace.limits)
    return Part(
        size=Size(picture.width, picture.height),
        duration_seconds=picture.duration_seconds,
        has_audio=picture.has_audio,
        title=source.basename,
    )
